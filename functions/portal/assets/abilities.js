// Where somebody serves, what they can and when they are free: the fields of the registration and of its changes.

import { t } from './words.js';
import { $, h } from './dom.js';
import { checks } from './form.js';
import { fillDistricts } from './places.js';
import { DAYS, weekdays } from './time.js';
import { PARTS, partName, SKILLS, skillName } from './volunteering.js';

const boxes = (id) => [...$(id).querySelectorAll('input')];
const ticked = (id) => boxes(id).filter((box) => box.checked).map((box) => box.value);

/** Fills in the choices: skills as boxes, free times as a grid of the week. */
export function fillAbilities() {
  fillDistricts($('division'));
  $('skill-boxes').append(...checks('skill', SKILLS, skillName));
  $('free-parts').append(...PARTS.map((part) => h('th', { scope: 'col' }, partName(part))));
  const names = weekdays();
  $('free-days').append(...DAYS.map((day, index) => h('tr', {},
    h('th', { scope: 'row' }, names[index].usual),
    ...PARTS.map((part) => {
      const value = `${day}_${part}`;
      const name = t('abilities.free_one', { day: names[index].long, part: partName(part) });
      // The whole cell is the label: a finger's worth.
      return h('td', {}, h('label', {}, h('input', { type: 'checkbox', id: `free-${value}`, value, 'aria-label': name, 'data-field': true })));
    }))));
}

/** What is chosen, as the API takes it. */
export const readAbilities = () => ({ division_code: $('division').value, skills: ticked('skill-boxes'), availability: ticked('free-days') });

/** Chooses what the API says. */
export function setAbilities({ division_code: division, skills, availability }) {
  $('division').value = division.slice(0, 6);
  for (const box of boxes('skill-boxes')) box.checked = skills.includes(box.value);
  for (const box of boxes('free-days')) box.checked = availability.includes(box.value);
}
