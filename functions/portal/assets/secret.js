// The part of a page that hands over the token: a code, a link, and the choice to keep it on this device.

import { t } from './words.js';
import { $, say } from './dom.js';
import { forget, keep, kept, secretLink } from './vault.js';

/** Fills the part for `credentials`; `entry()` is what the device would keep. Unfolded when they are new. */
export function showSecret(kind, credentials, entry) {
  if (credentials.fresh) $('secret').open = true;
  const link = secretLink(kind, credentials);
  $('secret-code').value = credentials.token;
  $('secret-link').value = link;
  for (const id of ['secret-code', 'secret-link']) $(id).onfocus = (event) => event.currentTarget.select();
  $('secret-copy').onclick = async () => {
    try {
      await navigator.clipboard.writeText(link);
      $('secret-copy').textContent = t('secret.copied');
      say(t('secret.copied'));
    } catch {
      $('secret-link').focus();
      say(t('secret.copy_by_hand'));
    }
  };
  const box = $('secret-keep');
  box.checked = kept().some(({ reference }) => reference === credentials.reference);
  box.onchange = () => {
    const done = box.checked
      ? keep({ kind, reference: credentials.reference, token: credentials.token, ...entry() })
      : forget(credentials.reference);
    if (!done) box.checked = !box.checked;
    say(t(!done ? 'secret.keep_failed' : box.checked ? 'secret.kept' : 'secret.forgotten'));
  };
  if (box.checked) keep({ kind, reference: credentials.reference, token: credentials.token, ...entry() });
}
