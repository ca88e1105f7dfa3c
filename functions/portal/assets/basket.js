// The gifts in the form: one row for each item that the point takes, open once it is chosen.

import { t } from './words.js';
import { $, h } from './dom.js';
import { itemName, parseAmount, showState, takes, unitOf } from './gifts.js';

const field = (row, name) => row.querySelector(`[data-field="${name}"]`);
const chosen = (root) => [...root.children].filter((row) => field(row, 'item').checked);

function drawGift(status) {
  const { item } = status;
  const row = $('gift').content.firstElementChild.cloneNode(true);
  row.dataset.item = item;
  for (const name of ['item', 'quantity', 'note']) {
    const input = field(row, name);
    input.id = `gift-${item}${name === 'item' ? '' : `-${name}`}`;
    const around = input.parentElement;
    around.querySelector('label').htmlFor = input.id;
    around.querySelector('.error').id = `${input.id}-error`;
    input.setAttribute('aria-describedby', `${input.id}-error`);
  }
  const label = (name) => row.querySelector(`label[for="${field(row, name).id}"]`);
  label('item').append(itemName(item), ' ', h('span', { class: `tag ${status.state}` }, showState(status)));
  const unit = unitOf(item);
  label('quantity').append(t(unit === 'fen' ? 'basket.yuan' : 'basket.pieces', { item: itemName(item) }));
  label('note').append(t('basket.note', { item: itemName(item) }));
  field(row, 'quantity').inputMode = unit === 'fen' ? 'decimal' : 'numeric';
  const adapt = () => { row.querySelector('.pair').hidden = !field(row, 'item').checked; };
  field(row, 'item').addEventListener('change', adapt);
  return row;
}

/** Shows a row for each item that is taken now, the urgent ones first; false when nothing is. */
export function showBasket(root, items) {
  const taken = items.filter(takes).sort((one, other) => (other.state === 'urgent') - (one.state === 'urgent'));
  root.replaceChildren(...taken.map(drawGift));
  return taken.length > 0;
}

/** Names each chosen field as the API will in its answer. */
export function pointBasket(root) {
  for (const input of root.querySelectorAll('[data-pointer]')) delete input.dataset.pointer;
  chosen(root).forEach((row, index) => {
    field(row, 'item').dataset.pointer = `/items/${index}`;
    for (const name of ['quantity', 'note']) field(row, name).dataset.pointer = `/items/${index}/${name}`;
  });
}

/** What is typed that cannot be right, as faults like the server's. */
export function basketFaults(root) {
  const rows = chosen(root);
  if (!rows.length) return [{ pointer: '/items', message: t('basket.empty') }];
  return rows.flatMap((row, index) => {
    const text = field(row, 'quantity').value;
    const unit = unitOf(row.dataset.item);
    if (!text.trim() || parseAmount(text, unit) !== null) return [];
    return [{ pointer: `/items/${index}/quantity`, message: t(unit === 'fen' ? 'basket.not_yuan' : 'basket.not_pieces') }];
  });
}

/** The gifts as the API takes them. */
export const readBasket = (root) => chosen(root).map((row) => {
  const { item } = row.dataset;
  const note = field(row, 'note').value.trim();
  return { item, quantity: parseAmount(field(row, 'quantity').value, unitOf(item)), ...(note && { note }) };
});
