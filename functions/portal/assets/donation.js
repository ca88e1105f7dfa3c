// Donation points: the nearest first, or those that fit. The address holds the filters, so that a search can be shared;
// the visitor's position stays on this page.

import './page.js';
import { t } from './words.js';
import { $, data, dial, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { drawItems, ITEMS, itemName, showAmount, takes } from './gifts.js';
import { drawOpening } from './hours.js';
import { showNeeds } from './needs.js';
import { districtName, fillDistricts, isDistrict, mapLink, showDistance } from './places.js';
import { reportButton } from './report.js';
import { Results } from './results.js';
import { dayOf, showDate } from './time.js';

let filters = {}; // { district, item, q, open }

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
  return results.load();
};

// Points -------------------------------------------------------------------------------------------------------------

const results = new Results({
  list: $('points'),
  none: $('none'),
  more: $('more'),
  notice: $('notice'),
  ask: (cursor, near) => call('GET', `/donation/points${query({
    near,
    division_code: filters.district,
    item: filters.item,
    q: filters.q,
    open_at: filters.open && 'now',
    cursor,
  })}`),
  draw: drawPoint,
  arrived: (points) => { if (points.some((point) => point.sample)) $('sample').hidden = false; },
  said: (count, more) => t(more ? 'donation.shown_more' : 'donation.shown', { count }),
  empty: t('donation.none'),
});

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
results.wireNear($('near'), $('near-hint'), t('donation.near_failed'));
window.addEventListener('popstate', () => {
  readAddress();
  show();
});

readAddress();
show();
