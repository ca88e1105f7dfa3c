// Forms: what is missing, and the server's messages beside what they are about.

import { t } from './words.js';
import { $, h } from './dom.js';
import { now, showSoon } from './time.js';
import { recall, remember } from './vault.js';

/** What is left empty, as faults like the server's. */
export function missing(form) {
  return [...form.querySelectorAll('[required]')]
    .filter((input) => !input.closest('[hidden]') && (input.type === 'checkbox' ? !input.checked : input.value.trim() === ''))
    .map((input) => ({ pointer: input.dataset.pointer, message: t(input.type === 'checkbox' ? 'common.tick' : 'common.required') }));
}

/** A box for each of `values`, named by `name`; `id` begins their ids. */
export const checks = (id, values, name) => values.map((value) => h('div', { class: 'check' },
  h('input', { type: 'checkbox', id: `${id}-${value}`, value, 'data-field': true }),
  h('label', { for: `${id}-${value}` }, name(value))));

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
    const group = target.tagName === 'FIELDSET';
    const note = $(group ? target.querySelector('[data-error]').id : `${target.id}-error`);
    if (note) note.textContent = note.textContent ? `${note.textContent} ${message}` : message;
    const input = group ? target.querySelector('[data-field]') : target;
    if (!group) target.setAttribute('aria-invalid', 'true');
    if (!first || input.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = input;
    const label = group ? target.querySelector('legend').textContent : labelOf(target);
    return h('li', {}, h('a', { href: `#${input.id}`, onclick: (event) => { event.preventDefault(); input.focus(); } }, label), ` ${message}`);
  });
  summary.append(h('p', {}, detail), h('ul', {}, ...items));
  (first ?? summary).focus();
}

function labelOf(input) {
  const label = document.querySelector(`label[for="${input.id}"]`)?.textContent ?? '';
  const group = input.closest('fieldset')?.querySelector('legend');
  return group ? t('common.of', { group: group.textContent, field: label }) : label;
}

/** What to tell about a refusal: for one that may be tried again, when. */
export function explain(problem) {
  if (problem.status !== 429 || !problem.retryAfter) return problem.message;
  return t('common.try_again', { why: problem.message, when: showSoon(now() + problem.retryAfter * 1000) });
}

// A switch of language reloads the page: what is typed crosses over, and is forgotten at once. ------------------------

/** What is typed, field by field, as `restore` takes it. */
export const saveForm = (form) => [...form.querySelectorAll('input[id], select[id], textarea[id]')]
  .map((field) => [field.id, field.type === 'checkbox' ? field.checked : field.value]);

/** Saves the form for the moment of the reload, while `wanted()`. */
export function saveOnSwitch(form, wanted = () => true) {
  document.addEventListener('language', () => { if (wanted()) remember('draft', saveForm(form)); });
}

/** What was typed before the language was switched, to be put back once; null when there is nothing. */
export function savedDraft() {
  const draft = recall('draft');
  remember('draft', null);
  return draft;
}

/** Fills in what was saved; boxes first, for fields may depend on them. */
export function restore(form, saved) {
  for (const boxes of [true, false]) {
    for (const [id, value] of saved) {
      const field = form.elements[id];
      if (!field || (typeof value === 'boolean') !== boxes) continue;
      if (boxes) field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event('change'));
    }
  }
}
