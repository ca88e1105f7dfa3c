// The form's people: their fields, and a first look at the numbers.

import { t } from './words.js';
import { $ } from './dom.js';
import { looksRight } from './identity.js';

/** What is typed, as the API takes it. */
export const normal = {
  name: (text) => text.trim(),
  id_number: (text) => text.replace(/[\s-]/g, '').toUpperCase(),
  phone: (text) => text.replace(/[\s-]/g, ''),
};

/** Doubts a resident identity number that cannot be right in `doubt`, while `applies()`. Returns what looks again. */
export function doubtNumber(number, doubt, applies = () => true) {
  const look = () => {
    const text = normal.id_number(number.value);
    doubt.textContent = applies() && text && !looksRight(text) ? t('person.doubt') : '';
  };
  number.addEventListener('change', look);
  number.addEventListener('input', () => { if (doubt.textContent) look(); });
  return look;
}

/** The fieldset of person `index` (from 0). */
function drawPerson(index) {
  const person = $('person').content.firstElementChild.cloneNode(true);
  person.dataset.pointer = `/parties/${index}`;
  person.querySelector('[data-error]').id = `party-${index}-error`;
  person.setAttribute('aria-describedby', `party-${index}-error`);
  for (const input of person.querySelectorAll('[data-field]')) {
    const field = input.closest('.field');
    const id = `party-${index}-${input.dataset.field}`;
    input.id = id;
    input.dataset.pointer = `/parties/${index}/${input.dataset.field}`;
    field.querySelector('label').htmlFor = id;
    const notes = [...field.querySelectorAll('p')];
    notes.forEach((note, place) => { note.id = note.className === 'error' ? `${id}-error` : `${id}-note-${place}`; });
    input.setAttribute('aria-describedby', notes.map((note) => note.id).join(' '));
  }
  const field = (name) => person.querySelector(`[data-field="${name}"]`);
  if (index === 0) {
    field('name').autocomplete = 'name';
    field('phone').autocomplete = 'tel';
  }
  const type = field('id_type');
  const look = doubtNumber(field('id_number'), person.querySelector('[data-doubt]'), () => type.value === 'resident_id');
  const adapt = () => {
    for (const extra of person.querySelectorAll('[data-foreign]')) extra.hidden = type.value === 'resident_id';
    look();
  };
  type.addEventListener('change', adapt);
  return person;
}

/** Shows fields for `count` people, keeping what is typed. */
export function showPeople(root, count) {
  while (root.children.length > count) root.lastElementChild.remove();
  while (root.children.length < count) root.append(drawPerson(root.children.length));
  for (const [index, person] of [...root.children].entries()) {
    person.querySelector('legend').textContent = count === 1 ? t('person.alone') : t('person.legend', { number: index + 1 });
  }
}

/** The people as the API takes them. */
export function readPeople(root) {
  return [...root.children].map((person) => {
    const value = (name) => {
      const text = person.querySelector(`[data-field="${name}"]`).value;
      return normal[name] ? normal[name](text) : text;
    };
    const party = { name: value('name'), id_type: value('id_type'), id_number: value('id_number'), phone: value('phone') };
    if (party.id_type === 'resident_id') return party;
    if (value('sex')) party.sex = value('sex');
    if (value('birth_date')) party.birth_date = value('birth_date');
    return party;
  });
}
