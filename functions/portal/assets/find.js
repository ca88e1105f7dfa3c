// The form that opens an appointment, or a place on the waitlist, by its reference and token.

import { t } from './words.js';
import { $ } from './dom.js';
import { parseSecret } from './vault.js';

/** Calls `open({ reference, token })`; a whole secret link may be pasted into either field. */
export function wireFind(open) {
  const fields = ['reference', 'token'];
  $('find-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const pasted = fields.map((id) => parseSecret($(id).value)).find((secret) => secret !== null);
    const secret = pasted ?? { reference: $('reference').value.trim(), token: $('token').value.trim() };
    const empty = fields.filter((id) => !secret[id]);
    for (const id of fields) {
      $(`${id}-error`).textContent = empty.includes(id) ? t('common.required') : '';
      $(id).toggleAttribute('aria-invalid', false);
      if (empty.includes(id)) $(id).setAttribute('aria-invalid', 'true');
    }
    if (empty.length) $(empty[0]).focus();
    else open(secret);
  });
}
