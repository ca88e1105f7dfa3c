// The form's people: fields, a first look at the numbers, and the server's messages beside what they are about.

import { t } from './words.js';
import { $, h } from './dom.js';
import { looksRight } from './identity.js';

const normal = {
  name: (text) => text.trim(),
  id_number: (text) => text.replace(/[\s-]/g, '').toUpperCase(),
  phone: (text) => text.replace(/[\s-]/g, ''),
};

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
  const number = field('id_number');
  const doubt = person.querySelector('[data-doubt]');
  const look = () => {
    const text = normal.id_number(number.value);
    doubt.textContent = type.value === 'resident_id' && text && !looksRight(text) ? t('person.doubt') : '';
  };
  const adapt = () => {
    for (const extra of person.querySelectorAll('[data-foreign]')) extra.hidden = type.value === 'resident_id';
    look();
  };
  number.addEventListener('change', look);
  number.addEventListener('input', () => { if (doubt.textContent) look(); });
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

/** What is typed, field by field, and back again: for the moment in which the language is switched. */
export const savePeople = (root) => [...root.querySelectorAll('[data-field]')].map((input) => input.value);
export function restorePeople(root, values) {
  [...root.querySelectorAll('[data-field]')].forEach((input, index) => {
    input.value = values[index] ?? '';
    if (input.dataset.field === 'id_type') input.dispatchEvent(new Event('change'));
  });
}

/** What is left empty, as faults like the server's. */
export function missing(form) {
  return [...form.querySelectorAll('[required], [data-foreign]:not([hidden]) [data-field]')]
    .filter((input) => !input.closest('[hidden]') && input.value.trim() === '')
    .map((input) => ({ pointer: input.dataset.pointer, message: t('common.required') }));
}

/** Takes every message off the form. */
export function clearFaults(form, summary) {
  summary.replaceChildren();
  for (const note of form.querySelectorAll('.error')) note.textContent = '';
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

/** Where a message belongs: the field that its pointer names, else the nearest thing around it. */
function place(form, pointer) {
  for (let path = pointer; path.length > 1; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = [...form.querySelectorAll('[data-pointer]')].find((element) => element.dataset.pointer === path);
    if (found) return found;
  }
  return null;
}

/** Puts each message next to its field, says the whole list, and moves the focus to the first field. */
export function showFaults(form, summary, detail, faults) {
  clearFaults(form, summary);
  let first = null;
  const items = faults.map(({ pointer, message }) => {
    const target = place(form, pointer ?? '');
    if (!target) return h('li', {}, message);
    const person = target.tagName === 'FIELDSET';
    const note = $(person ? target.querySelector('[data-error]').id : `${target.id}-error`);
    if (note) note.textContent = note.textContent ? `${note.textContent} ${message}` : message;
    const input = person ? target.querySelector('[data-field]') : target;
    if (!person) target.setAttribute('aria-invalid', 'true');
    if (!first || input.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = input;
    const label = person ? target.querySelector('legend').textContent : labelOf(target);
    return h('li', {}, h('a', { href: `#${input.id}`, onclick: (event) => { event.preventDefault(); input.focus(); } }, label), ` ${message}`);
  });
  summary.append(h('p', {}, detail), h('ul', {}, ...items));
  (first ?? summary).focus();
}

function labelOf(input) {
  const label = document.querySelector(`label[for="${input.id}"]`)?.textContent ?? '';
  const person = input.closest('fieldset')?.querySelector('legend');
  return person ? t('person.of', { person: person.textContent, field: label }) : label;
}
