// Donation points: the nearest first, or those that fit. The address holds the filters, so that a search can be shared;
// the visitor's position stays on this page.

import './page.js';
import { t } from './words.js';
import { $, data, dial, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { Filters, reader } from './filters.js';
import { drawItems, ITEMS, itemName, showAmount, takes } from './gifts.js';
import { drawOpening } from './hours.js';
import { showNeeds } from './needs.js';
import { districtName, fillDistricts, isDistrict, mapLink, showDistance } from './places.js';
import { reportButton } from './report.js';
import { Results } from './results.js';
import { dayOf, showDate } from './time.js';

// Filters ------------------------------------------------------------------------------------------------------------

const filters = new Filters({
  page: '/donation',
  names: ['district', 'item', 'q', 'open'],
  read: reader({
    district: isDistrict,
    item: (item) => ITEMS.includes(item),
    q: (text) => text.length <= 50,
    open: (open) => open === '1',
  }),
  changed: ({ district, item }) => {
    const division = { division_code: district };
    showNeeds({ ...division, item });
    showSummary(division);
    return results.load();
  },
});

// Points -------------------------------------------------------------------------------------------------------------

const results = new Results({
  list: $('points'),
  none: $('none'),
  more: $('more'),
  notice: $('notice'),
  ask: (cursor, near) => call('GET', `/donation/points${query({
    near,
    division_code: filters.wanted.district,
    item: filters.wanted.item,
    q: filters.wanted.q,
    open_at: filters.wanted.open && 'now',
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
results.wireNear($('near'), $('near-hint'), t('donation.near_failed'));
filters.start();
