// Opportunities to volunteer: the nearest first, or the next, or what fits the volunteer whose token this browser has.
// The address holds the filters, so that a search can be shared; the visitor's position stays on this page.

import './page.js';
import { t } from './words.js';
import { $, data, dial, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { Filters, reader } from './filters.js';
import { showFaults } from './form.js';
import { drawMatch } from './match.js';
import { askAs, myself } from './myself.js';
import { districtName, fillDistricts, isDistrict, mapLink, showDistance } from './places.js';
import { Results } from './results.js';
import { today } from './time.js';
import { remember } from './vault.js';
import { drawPlaces, FIELDS, fieldName, opportunityPage, showShift, SKILLS, skillName } from './volunteering.js';

/** Shifts that are listed of each. */
const SHOWN = 3;

let me = myself();

// Filters ------------------------------------------------------------------------------------------------------------

const isDay = (text) => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
const isSet = (text) => text === '1';
const rules = {
  district: isDistrict,
  field: (field) => FIELDS.includes(field),
  skill: (skill) => SKILLS.includes(skill),
  from: isDay,
  to: isDay,
  minors: isSet,
  free: isSet,
  q: (text) => text.length <= 50,
  sort: (sort) => sort === 'date' || (sort === 'match' && me !== null),
};

const filters = new Filters({
  page: '/volunteer',
  names: Object.keys(rules),
  read: reader(rules),
  fill: ({ skill, from, to }) => { if (skill || from || to) $('extra').open = true; },
  changed: (wanted) => {
    remember('volunteer_search', query(wanted)); // the way back from an opportunity
    return results.load();
  },
});

/** The filters of the API's search. What began today already is of no use, so that the day of today means from now on. */
const searchOf = ({ district, field, skill, from, to, minors, free, q, sort }) => ({
  division_code: district,
  field,
  skill,
  from: from > today() ? from : '',
  to,
  for_minors: minors && 'true',
  available: free && 'true',
  q,
  sort,
});

// Opportunities ------------------------------------------------------------------------------------------------------

async function ask(cursor, near) {
  const search = (token) => {
    const wanted = searchOf(filters.wanted);
    if (!token && wanted.sort === 'match') wanted.sort = '';
    return call('GET', `/volunteer/opportunities${query({ near, ...wanted, cursor })}`, { token });
  };
  const asked = await askAs(me, search);
  me = asked.me;
  showMe();
  return asked.answer;
}

const results = new Results({
  list: $('results'),
  none: $('none'),
  more: $('more'),
  notice: $('notice'),
  ask,
  draw,
  arrived: (hits) => { if (hits.some((hit) => hit.sample)) $('sample').hidden = false; },
  said: (count, more) => t(more ? 'volunteer.shown_more' : 'volunteer.shown', { count }),
  empty: t('volunteer.none'),
  refuse: ({ message, errors }) => {
    if (!errors.length) return false;
    $('extra').open = true;
    showFaults($('filters'), $('notice'), message, errors);
    return true;
  },
});

function draw(hit) {
  const page = opportunityPage(hit.id);
  const district = hit.division_code.slice(0, 6);
  const about = [hit.distance_m === undefined ? null : h('b', {}, showDistance(hit.distance_m)), fieldName(hit.field), isDistrict(district) ? districtName(district) : null].filter(Boolean);
  const left = hit.shifts.length - SHOWN;
  return h('li', { class: 'card point' },
    h('h3', {}, h('a', { href: page }, data(hit.title)), ...sampleLabel(hit)),
    h('p', { class: 'opening' }, ...about.flatMap((part, index) => (index ? [' · ', part] : [part]))),
    h('p', {}, data(hit.organisation_name)),
    h('ul', { class: 'plain shifts', 'aria-label': t('opportunity.shifts') },
      ...hit.shifts.slice(0, SHOWN).map((shift) => h('li', {}, h('span', {}, showShift(shift)), ' ', drawPlaces(shift))),
      left > 0 ? h('li', { class: 'hint' }, t('volunteer.more_shifts', { count: left })) : null),
    hit.match ? drawMatch(hit.match) : null,
    h('p', {}, data(hit.address)),
    h('p', { class: 'links' }, dial(hit.phone, { class: 'tap' }), mapLink({ name: hit.title, location: hit.location }, { class: 'tap' })),
    h('p', { class: 'foot' }, h('a', { class: 'button secondary', href: page, 'aria-label': t('volunteer.open_for', { title: hit.title }) }, t('volunteer.open'))));
}

/** The order by fit is for whoever is known. */
function showMe() {
  $('sort').querySelector('[value="match"]').hidden = me === null;
  if (!me && $('sort').value === 'match') $('sort').value = '';
  $('who').hidden = me === null;
  if (me) $('who').textContent = t('volunteer.who', { name: me.name || me.reference });
}

// --------------------------------------------------------------------------------------------------------------------

const fill = (select, values, name) => $(select).append(...values.map((value) => h('option', { value }, name(value))));

fillDistricts($('district'));
fill('field', FIELDS, fieldName);
fill('skill', SKILLS, skillName);
for (const id of ['from', 'to']) $(id).min = today();
showMe();
results.wireNear($('near'), $('near-hint'), t('donation.near_failed'));
filters.start();
