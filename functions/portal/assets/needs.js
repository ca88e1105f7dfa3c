// What is needed most, and where.

import { t } from './words.js';
import { $, busy, data, h, say } from './dom.js';
import { call, query } from './api.js';
import { itemName, showUntil } from './gifts.js';

const FIRST = 4;
const MORE = 20;

let asked = null; // the filters of what is shown
let cursor = null;
let turn = 0;

const draw = (need) =>
  h('li', {}, h('a', { class: 'slot', href: `/donation/point${query({ id: need.point.id })}` },
    h('b', {}, itemName(need.item)), ' ', h('small', {}, data(need.point.name), need.until ? h('span', {}, ` · ${showUntil(need)}`) : '')));

/** Shows the needs that fit `filters`; the page stands without them. */
export async function showNeeds(filters) {
  if (asked && query(filters) === query(asked)) return;
  asked = filters;
  const mine = (turn += 1);
  let text = '';
  let items = [];
  try {
    const page = await call('GET', `/donation/needs${query({ ...filters, limit: FIRST })}`);
    if (mine !== turn) return;
    ({ items, next_cursor: cursor } = page);
    if (!items.length) text = t('donation.needs_none');
  } catch {
    if (mine !== turn) return;
    [text, asked, cursor] = [t('donation.needs_failed'), null, null];
  }
  $('needs-list').replaceChildren(...items.map(draw));
  $('needs-none').textContent = text;
  $('needs-none').hidden = !text;
  $('needs-more').hidden = !cursor;
}

async function more() {
  const mine = turn;
  try {
    const page = await call('GET', `/donation/needs${query({ ...asked, limit: MORE, cursor })}`);
    if (mine !== turn) return;
    cursor = page.next_cursor;
    const added = page.items.map(draw);
    $('needs-list').append(...added);
    $('needs-more').hidden = !cursor;
    added[0]?.querySelector('a').focus();
  } catch (problem) {
    say(problem.message);
    $('needs-none').textContent = problem.message;
    $('needs-none').hidden = false;
  }
}

$('needs-more').addEventListener('click', (event) => busy(event.currentTarget, more));
