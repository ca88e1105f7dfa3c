// The beds that a family would apply for, in their order, from one home or several: kept on this device until they are
// sent. They say nothing of who applies.

import { join, t } from './words.js';
import { $, h, say } from './dom.js';
import { institutionPage, nameRoom, roomName } from './rooms.js';
import { store, stored } from './vault.js';

export const MOST = 3;
const NAME = 'preferences';

let here = null; // what is chosen, where the browser keeps nothing

/** `[{ institution_id, institution_name, room_type }]`, the first choice first. */
export function preferences() {
  const list = here ?? stored(NAME);
  return Array.isArray(list) ? list.filter((one) => one?.institution_id && one.room_type).slice(0, MOST) : [];
}

function change(list) {
  here = store(NAME, list.length ? list : null) ? null : list;
}

export const clearPreferences = () => change([]);

const same = (one) => (other) => one.institution_id === other.institution_id && one.room_type === other.room_type;

export const prefers = (one) => preferences().some(same(one));

/** Adds or takes away a bed; false when there are as many as one may apply for. */
export function setPreference(one, wanted) {
  const others = preferences().filter((other) => !same(one)(other));
  if (wanted && prefers(one)) return true;
  if (wanted && others.length >= MOST) return false;
  change(wanted ? [...others, one] : others);
  return true;
}

/** The preferences as the API takes them. */
export const readPreferences = () => preferences().map(({ institution_id, room_type }) => ({ institution_id, room_type }));

/** Shows the preferences in `root`, each to be moved up or taken away; `changed()` hears of that. */
export function showPreferences(root, changed) {
  const list = preferences();
  const redraw = (next, text, focus) => {
    change(next);
    showPreferences(root, changed);
    changed();
    say(text);
    (root.querySelector(focus) ?? $('preferences-heading')).focus();
  };
  root.replaceChildren(...list.map((one, index) => {
    const room = `${one.institution_name} · ${roomName(one.room_type)}`;
    const button = (text, label, onclick, attributes) => h('button', { type: 'button', class: 'button link', 'aria-label': label, onclick, ...attributes }, text);
    const up = () => {
      const next = [...list];
      next.splice(index - 1, 2, one, list[index - 1]);
      redraw(next, t('preferences.moved', { room, number: index }), `[data-place="${index - 1}"]`);
    };
    const remove = () => redraw(list.filter((other) => other !== one), t('preferences.removed', { room }), '[data-place]');
    return h('li', {}, h('fieldset', { class: 'preference', 'data-pointer': `/preferences/${index}`, 'aria-describedby': `preference-${index}-error` },
      h('legend', {}, t('preferences.number', { number: index + 1 })),
      h('p', {}, h('a', { href: institutionPage(one.institution_id) }, nameRoom(one))),
      h('p', { class: 'error', id: `preference-${index}-error`, 'data-error': true }),
      h('p', { class: 'links' },
        index > 0 ? button(t('preferences.up'), t('preferences.up_for', { room }), up, {}) : null,
        button(t('preferences.remove'), t('preferences.remove_for', { room }), remove, { 'data-field': true, 'data-place': index, id: `preference-${index}-remove` }))));
  }));
  root.hidden = list.length === 0;
}

/** One line that says what is chosen so far, with a way to the form; hidden when nothing is. */
export function showChosen(line) {
  const list = preferences();
  line.hidden = list.length === 0;
  if (!list.length) return;
  const rooms = join(list.map((one) => `${one.institution_name} ${roomName(one.room_type)}`));
  line.replaceChildren(
    t('preferences.chosen', { count: list.length, rooms }), ' ',
    h('a', { class: 'tap', href: `${institutionPage(list[0].institution_id)}#apply` }, t('preferences.apply')));
}
