// The list of what this device keeps.

import { t } from './words.js';
import { h } from './dom.js';
import { showShortSlot } from './time.js';
import { kept, secretLink } from './vault.js';

/** What it is, and how it stands. */
const lines = {
  appointment: (entry) => [`${t(`service.${entry.service}`)} · ${entry.office}`, showShortSlot(entry.start)],
  waitlist: (entry) => [`${t(`service.${entry.service}`)} · ${entry.office}`, t('common.waiting')],
  pledge: (entry) => [`${t('common.donation')} · ${entry.point}`, showShortSlot(entry.at)],
  application: (entry) => [`${t('common.bed')} · ${entry.institution}`, showShortSlot(entry.at)],
  volunteer: (entry) => [`${t('common.volunteer')} · ${entry.name}`, showShortSlot(entry.at)],
  alert: (entry) => [`${t('alert.kept')} · ${entry.district ? t(`district.${entry.district}`) : t('donation.city')}`, showShortSlot(entry.at)],
};

/** Fills `list` with links to the kept entries of `kind` (or of all kinds); false when there are none. */
export function showKept(list, kind) {
  const entries = kept().filter((entry) => (kind ? entry.kind === kind : entry.kind in lines));
  list.replaceChildren(...entries.map((entry) => {
    const [what, how] = lines[entry.kind](entry);
    return h('li', {},
      h('a', { class: 'card', href: secretLink(entry.kind, entry) },
        h('strong', {}, what),
        h('span', {}, `${how} · ${entry.reference}`)));
  }));
  list.hidden = entries.length === 0;
  return entries.length > 0;
}
