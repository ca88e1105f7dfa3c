// The list of what this device keeps.

import { t } from './words.js';
import { h } from './dom.js';
import { showShortSlot } from './time.js';
import { kept, secretLink } from './vault.js';

/** Fills `list` with links to the kept entries of `kind` (or of all kinds); false when there are none. */
export function showKept(list, kind) {
  const entries = kept().filter((entry) => !kind || entry.kind === kind);
  list.replaceChildren(
    ...entries.map((entry) =>
      h('li', {},
        h('a', { class: 'card', href: secretLink(entry.kind, entry) },
          h('strong', {}, `${t(`service.${entry.service}`)} · ${entry.office}`),
          h('span', {}, entry.kind === 'waitlist' ? t('common.waiting') : showShortSlot(entry.start), ` · ${entry.reference}`)))),
  );
  list.hidden = entries.length === 0;
  return entries.length > 0;
}
