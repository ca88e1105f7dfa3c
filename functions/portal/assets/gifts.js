// Gifts: what may be given, how much of it, and whether a donation point takes it now.

import { join, lang, t } from './words.js';
import { h } from './dom.js';
import { parseYuan, showYuan } from './money.js';
import { dayOf, showDayAndMonth } from './time.js';

export const ITEMS = [
  'clothing', 'bedding', 'books', 'stationery', 'toys', 'electronics', 'furniture', 'medical_supplies', 'food', 'cash',
];
/** The states from the most to the least welcome. */
const STATES = ['urgent', 'accepting', 'full', 'not_accepted'];

export const itemName = (item) => t(`item.${item}`);

/** Money counts in fen on the wire and in yuan on the page; everything else in pieces. */
export const unitOf = (item) => (item === 'cash' ? 'fen' : 'piece');

/** Whether a point takes an item in this state. */
export const takes = ({ state }) => state === 'urgent' || state === 'accepting';

/** `20 件`, `50.00 元` */
export function showAmount(quantity, unit) {
  if (unit === 'fen') return t('amount.yuan', { yuan: showYuan(quantity, { exact: true }) });
  return t(quantity === 1 ? 'amount.piece' : 'amount.pieces', { count: new Intl.NumberFormat(lang).format(quantity) });
}

/** `被褥 20 件、图书 5 件` */
export const showGifts = (gifts) =>
  join(gifts.map(({ item, quantity }) => `${itemName(item)} ${showAmount(quantity, unitOf(item))}`));

/** What was typed as an amount, as the wire has it; null when it is none. */
export function parseAmount(text, unit) {
  if (unit === 'fen') return parseYuan(text);
  const typed = text.normalize('NFKC').replace(/[\s,]/g, '');
  return /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : null;
}

/** The last day on which a state holds: it ends with that day. */
const lastDay = (until) => dayOf(new Date(Date.parse(until) - 1000).toISOString());

/** `急需，至 12月31日` */
export const showState = ({ state, until }) =>
  until ? t('item_state.until', { state: t(`item_state.${state}`), day: showDayAndMonth(lastDay(until)) }) : t(`item_state.${state}`);

/** `至 12月31日`; none without a date. */
export const showUntil = ({ until }) => (until ? t('item_state.until_only', { day: showDayAndMonth(lastDay(until)) }) : '');

/** What a point says of its items, the most welcome first. */
export const drawItems = (items) =>
  h('ul', { class: 'plain tags', 'aria-label': t('point.items') }, ...[...items]
    .sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))
    .map((entry) => h('li', { class: `tag ${entry.state}` }, h('b', {}, itemName(entry.item)), ` ${showState(entry)}`)));
