// Making elements, and telling people what happened.

import { lang, t } from './words.js';

/** The element with this id. */
export const $ = (id) => document.getElementById(id);

/** Makes an element; `on…` attributes are listeners, `true` and `false` set and leave out, children may be text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A text that may be Chinese on an English page: then it says so, for whoever has it read aloud. */
export const data = (text) => (lang === 'en' && /\p{Script=Han}/u.test(text ?? '') ? h('span', { lang: 'zh-CN' }, text) : (text ?? ''));

/** A telephone number to tap; Shanghai's are written with their area code apart. */
export const dial = (phone, attributes = {}) =>
  h('a', { href: `tel:${phone}`, ...attributes }, phone.replace(/^021-?(\d{4})(\d{4})$/, '021-$1 $2'));

/** The label of an office that is made up: none, or one element. */
export const sampleLabel = (office) => (office.sample ? [' ', h('span', { class: 'tag' }, t('home.sample_label'))] : []);

/** Tells screen readers, without moving the focus. */
export function say(text) {
  const status = $('status');
  status.textContent = '';
  setTimeout(() => { status.textContent = text; }, 50);
}

/** Fills the page's alert; the focus goes there unless `focus` is false. An empty text clears it. */
export function alertIn(element, text, { focus = true, action } = {}) {
  element.replaceChildren();
  if (!text) return;
  element.append(h('p', {}, text));
  if (action) element.append(action);
  if (focus) element.focus();
}

/** Moves the focus to a heading after a step changed. */
export function focusHeading(element) {
  element.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Runs `work` with `button` out of order, so that a second tap does nothing. */
export async function busy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

/** Opens a dialog and resolves to whether its `yes` was chosen. */
export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = 'no';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
  });
}

/** The rows of a description list. */
export const fact = (term, ...details) => [h('dt', {}, term), h('dd', {}, ...details)];
