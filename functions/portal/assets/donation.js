// Donation points: the nearest first, or those that fit. The address holds the filters, so that a search can be shared;
// the visitor's position stays on this page.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, dial, h, sampleLabel, say } from './dom.js';
import { call, query } from './api.js';
import { drawItems, ITEMS, itemName, showAmount, takes } from './gifts.js';
import { drawOpening } from './hours.js';
import { showNeeds } from './needs.js';
import { districtName, fillDistricts, isDistrict, mapLink, showDistance, wireNear } from './places.js';
import { reportButton } from './report.js';
import { dayOf, showDate } from './time.js';

let filters = {}; // { district, item, q, open }
let near = null;
let cursor = null;
let turn = 0;

// Filters ------------------------------------------------------------------------------------------------------------

function readAddress() {
  const values = new URLSearchParams(location.search);
  const known = (name, right) => (right(values.get(name)) ? values.get(name) : '');
  filters = {
    district: known('district', isDistrict),
    item: known('item', (item) => ITEMS.includes(item)),
    q: (values.get('q') ?? '').trim(),
    open: values.get('open') === '1' ? '1' : '',
  };
  for (const name of ['district', 'item', 'q']) $(name).value = filters[name];
  $('open').checked = filters.open === '1';
}

/** Takes the form's choices over into the address, and looks again. */
function apply() {
  const chosen = { district: $('district').value, item: $('item').value, q: $('q').value.trim(), open: $('open').checked ? '1' : '' };
  if (query(chosen) === query(filters)) return;
  filters = chosen;
  history.pushState(null, '', `/donation${query(filters)}`);
  show();
}

const show = () => {
  const division = { division_code: filters.district };
  showNeeds({ ...division, item: filters.item });
  showSummary(division);
  return load();
};

// Points -------------------------------------------------------------------------------------------------------------

const ask = (page) => call('GET', `/donation/points${query({
  near: near && `${near.lat},${near.lon}`,
  division_code: filters.district,
  item: filters.item,
  q: filters.q,
  open_at: filters.open && 'now',
  cursor: page,
})}`);

/** Shows the first points that fit. */
async function load() {
  const mine = (turn += 1);
  const list = $('points');
  list.setAttribute('aria-busy', 'true');
  alertIn($('notice'), '');
  try {
    const page = await ask();
    if (mine !== turn) return;
    list.replaceChildren();
    append(page);
    say(page.items.length ? said() : t('donation.none'));
  } catch (problem) {
    if (mine !== turn) return;
    if (problem.code === 'outside_city' && near) throw problem;
    list.replaceChildren();
    $('none').hidden = true;
    $('more').hidden = true;
    alertIn($('notice'), problem.message, {
      focus: false,
      action: h('button', { type: 'button', class: 'button secondary', onclick: () => show() }, t('common.retry')),
    });
  } finally {
    if (mine === turn) list.removeAttribute('aria-busy');
  }
}

const said = () => t(cursor ? 'donation.shown_more' : 'donation.shown', { count: $('points').children.length });

function append({ items, next_cursor: next }) {
  cursor = next;
  const cards = items.map(drawPoint);
  $('points').append(...cards);
  $('none').hidden = $('points').children.length > 0;
  $('more').hidden = !cursor;
  if (items.some((point) => point.sample)) $('sample').hidden = false;
  return cards;
}

function drawPoint(point) {
  const page = `/donation/point${query({ id: point.id })}`;
  return h('li', { class: 'card point' },
    h('h3', {}, h('a', { href: page }, data(point.name)), ...sampleLabel(point)),
    h('p', { class: 'opening' },
      point.distance_m === undefined ? null : h('span', {}, h('b', {}, showDistance(point.distance_m)), ' · '), drawOpening(point)),
    point.stale ? h('p', { class: 'doubt' }, t('point.stale', { day: showDate(dayOf(point.updated_at)) })) : null,
    drawItems(point.items),
    h('p', {}, data(point.address)),
    h('p', { class: 'links' }, point.phone ? dial(point.phone, { class: 'tap' }) : null, point.location ? mapLink(point, { class: 'tap' }) : null),
    h('p', { class: 'foot' },
      point.items.some(takes) ? h('a', { class: 'button secondary', href: `${page}#give`, 'aria-label': t('donation.give_to', { point: point.name }) }, t('donation.give')) : null,
      reportButton(point)));
}

$('more').addEventListener('click', (event) => busy(event.currentTarget, async () => {
  const mine = turn;
  alertIn($('notice'), '');
  try {
    const page = await ask(cursor);
    if (mine !== turn) return;
    const [first] = append(page);
    first?.querySelector('a').focus();
    say(said());
  } catch (problem) {
    alertIn($('notice'), problem.message);
  }
}));

// Numbers ------------------------------------------------------------------------------------------------------------

async function showSummary(division) {
  const place = division.division_code ? districtName(division.division_code) : t('donation.city');
  if ($('summary').dataset.place === place) return;
  $('summary').dataset.place = place;
  try {
    const { points, pledges, items } = await call('GET', `/donation/summary${query(division)}`);
    if ($('summary').dataset.place !== place) return;
    const { cancelled, ...live } = pledges;
    const figure = (name, count) => h('div', {}, h('dt', {}, t(name)), h('dd', {}, String(count)));
    $('figures').replaceChildren(
      figure('donation.summary_points', points),
      figure('donation.summary_pledges', Object.values(live).reduce((total, count) => total + count, 0)),
      figure('donation.summary_delivered', live.delivered ?? 0),
    );
    $('summary-heading').textContent = t('donation.summary_of', { place });
    $('summary-items').hidden = items.length === 0;
    $('summary-rows').replaceChildren(...items.map(({ item, unit, received, delivered }) =>
      h('tr', {}, h('th', { scope: 'row' }, itemName(item)), h('td', {}, showAmount(received, unit)), h('td', {}, showAmount(delivered, unit)))));
    $('summary').hidden = false;
  } catch {
    $('summary').hidden = true; // the page stands without it
    delete $('summary').dataset.place;
  }
}

// --------------------------------------------------------------------------------------------------------------------

fillDistricts($('district'));
$('item').append(...ITEMS.map((item) => h('option', { value: item }, itemName(item))));
for (const id of ['district', 'item', 'open', 'q']) $(id).addEventListener('change', apply);
$('q').addEventListener('search', apply);
$('filters').addEventListener('submit', (event) => {
  event.preventDefault();
  apply();
});
$('clear').addEventListener('click', () => {
  $('filters').reset();
  apply();
  $('points-heading').focus();
});
wireNear($('near'), $('near-hint'), t('donation.near_failed'), async (here) => {
  near = here;
  try {
    await load();
    return t('near.done');
  } catch (problem) {
    near = null;
    await load();
    return problem.message;
  }
});
window.addEventListener('popstate', () => {
  readAddress();
  show();
});

readAddress();
show();
