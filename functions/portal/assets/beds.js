// Care homes with a bed: the nearest first, or those that fit. The address holds the filters, so that a search can be
// shared; the visitor's position stays on this page.

import './page.js';
import { t } from './words.js';
import { $, data, dial, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { Filters } from './filters.js';
import { checks, showFaults } from './form.js';
import { parseYuan } from './money.js';
import { fillDistricts, mapLink, showDistance } from './places.js';
import { showChosen } from './preferences.js';
import { Results } from './results.js';
import { drawConfirmed, drawFeatures, drawRooms, FEATURES, featureName, institutionPage, LEVELS, levelName, OWNERSHIPS, ownershipName, ROOM_TYPES, roomName, showSubsidy } from './rooms.js';
import { showVacancies } from './vacancies.js';
import { MINIMUMS, readWanted, searchOf, WANTED } from './wanted.js';
import { remember } from './vault.js';

const FIELDS = WANTED.filter((name) => name !== 'features');

// Filters ------------------------------------------------------------------------------------------------------------

const boxes = () => [...$('features').querySelectorAll('input')];

/** Whether what is typed as the highest price is an amount, or nothing. */
function doubtPrice() {
  const text = $('max').value.trim();
  const right = !text || parseYuan(text) !== null;
  $('max-error').textContent = right ? '' : t('basket.not_yuan');
  if (right) $('max').removeAttribute('aria-invalid');
  else $('max').setAttribute('aria-invalid', 'true');
  return right;
}

const filters = new Filters({
  page: '/beds',
  names: FIELDS,
  read: readWanted,
  right: doubtPrice,
  pick: () => ({ features: boxes().filter((box) => box.checked).map((box) => box.value).join(',') }),
  fill: (wanted) => {
    const features = wanted.features.split(',');
    for (const box of boxes()) box.checked = features.includes(box.value);
    if (wanted.features || wanted.ownership || wanted.min) $('extra').open = true;
    doubtPrice();
  },
  changed: (wanted) => {
    remember('search', query(wanted)); // the way back from a home
    const { sort, household, ...about } = wanted;
    $('alert').href = `/beds/alert${query({ new: '1', ...about })}`;
    return results.load();
  },
});

// Homes --------------------------------------------------------------------------------------------------------------

const results = new Results({
  list: $('results'),
  none: $('none'),
  more: $('more'),
  notice: $('notice'),
  ask: (cursor, near) => call('GET', `/beds/institutions${query({ near, ...searchOf(filters.wanted), cursor })}`),
  draw,
  arrived: (homes) => { if (homes.some((home) => home.sample)) $('sample').hidden = false; },
  said: (count, more) => t(more ? 'beds.shown_more' : 'beds.shown', { count }),
  empty: t('beds.none'),
  refuse: ({ message, errors }) => {
    if (!errors.length) return false;
    $('extra').open = true;
    showFaults($('filters'), $('notice'), message, errors);
    return true;
  },
});

function draw(home) {
  const page = institutionPage(home.id, filters.wanted);
  const about = [home.distance_m === undefined ? null : h('b', {}, showDistance(home.distance_m)), ownershipName(home.ownership)].filter(Boolean);
  return h('li', { class: 'card point' },
    h('h3', {}, h('a', { href: page }, data(home.name)), ...sampleLabel(home)),
    h('p', { class: 'opening' }, ...about.flatMap((part, index) => (index ? [' · ', part] : [part]))),
    drawFeatures(home),
    drawRooms(home),
    home.subsidy ? h('p', { class: 'hint' }, showSubsidy(home)) : null,
    ...drawConfirmed(home),
    h('p', {}, data(home.address)),
    h('p', { class: 'links' }, home.phone ? dial(home.phone, { class: 'tap' }) : null, home.location ? mapLink(home, { class: 'tap' }) : null),
    h('p', { class: 'foot' }, h('a', { class: 'button secondary', href: page, 'aria-label': t('beds.open_for', { name: home.name }) }, t('beds.open'))));
}

// --------------------------------------------------------------------------------------------------------------------

const fill = (select, values, name) => $(select).append(...values.map((value) => h('option', { value }, name(value))));

fillDistricts($('district'));
fillDistricts($('household'));
fill('level', LEVELS, levelName);
fill('room', ROOM_TYPES, roomName);
fill('ownership', OWNERSHIPS, ownershipName);
fill('min', MINIMUMS, (count) => t('beds.at_least', { count }));
$('features').append(...checks('feature', FEATURES, featureName));

for (const box of boxes()) box.addEventListener('change', () => filters.apply());
results.wireNear($('near'), $('near-hint'), t('donation.near_failed'));
window.addEventListener('pageshow', () => showChosen($('chosen')));

filters.start();
showVacancies();
