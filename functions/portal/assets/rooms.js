// Care homes: the words of what they offer, their rooms in a table, and when their counts were confirmed.

import { join, t } from './words.js';
import { data, h } from './dom.js';
import { query } from './api.js';
import { showYuan } from './money.js';
import { showSources } from './sources.js';
import { addDays, dayOf, showClock, showDate, today } from './time.js';

export const ROOM_TYPES = ['single', 'double', 'triple', 'multiple'];
export const LEVELS = [0, 1, 2, 3, 4, 5, 6];
export const FEATURES = ['dementia_care', 'long_term_care_insurance', 'medical_care', 'short_stay', 'day_care', 'meals'];
export const OWNERSHIPS = ['public', 'public_built_private_run', 'private'];

export const roomName = (type) => t(`room_type.${type}`);
export const levelName = (level) => t(`care_level.${level}`);
export const featureName = (feature) => t(`feature.${feature}`);
export const ownershipName = (ownership) => t(`ownership.${ownership}`);

/** The page of a home; the care level and the household's district go along, for the subsidy. */
export const institutionPage = (id, { level, household } = {}) => `/beds/institution${query({ id, level, household })}`;

/** `某某养老院 · 单人间` */
export const nameRoom = ({ institution_name: name, room_type: type }) => h('span', {}, data(name), ` · ${roomName(type)}`);

/** `0–3`, `0–2、5` */
function showLevels(levels) {
  const runs = [];
  for (const level of [...levels].sort()) {
    const last = runs.at(-1);
    if (last?.to === level - 1) last.to = level;
    else runs.push({ from: level, to: level });
  }
  return join(runs.map(({ from, to }) => (from === to ? String(from) : `${from}\u2060–\u2060${to}`)));
}

/** What is free in a room: counts that nobody confirmed for long count for nothing. */
export const showVacant = ({ freshness, available, maximum }) =>
  (freshness === 'stale' ? t('rooms.ask') : t('rooms.vacant_of', { available, maximum }));

/** `今天 08:00 确认`, `3 天前确认` */
export function showConfirmed({ freshness, confirmed_at: at }) {
  if (freshness === 'stale' || !at) return t('rooms.stale');
  const day = dayOf(at);
  const time = showClock(at);
  if (day >= today()) return t('rooms.confirmed_today', { time });
  if (day === addDays(today(), -1)) return t('rooms.confirmed_yesterday', { time });
  return t('rooms.confirmed_before', { days: Math.round((Date.parse(today()) - Date.parse(day)) / 86_400_000) });
}

/** When the counts of these rooms were confirmed, once where that was at the same time. */
export function drawConfirmed({ rooms }) {
  const texts = new Map();
  for (const room of rooms) {
    const text = showConfirmed(room);
    texts.set(text, [...(texts.get(text) ?? []), room]);
  }
  return [...texts].map(([text, some]) => {
    const line = texts.size > 1 ? t('rooms.of', { rooms: join(some.map(({ room_type: type }) => roomName(type))), text }) : text;
    return h('p', { class: some[0].freshness === 'fresh' ? 'confirmed' : 'doubt' }, line);
  });
}

/** The rooms of a home: for whom, for how much, and how many beds are free. */
export function drawRooms({ name, rooms }) {
  const head = (key) => h('th', { scope: 'col' }, t(key));
  return h('table', { class: 'figures rooms', 'aria-label': t('rooms.label', { name }) },
    h('thead', {}, h('tr', {}, head('rooms.type'), head('rooms.levels'), head('rooms.monthly'), head('rooms.vacant'))),
    h('tbody', {}, ...[...rooms].sort(fittingFirst).map(drawRoom)));
}

const fittingFirst = (one, other) =>
  (other.matches ?? true) - (one.matches ?? true) || ROOM_TYPES.indexOf(one.room_type) - ROOM_TYPES.indexOf(other.room_type);

function drawRoom(room) {
  const { net_monthly_fen: net, monthly_fen: full } = room;
  const free = room.freshness !== 'stale' && room.available > 0;
  return h('tr', { class: room.matches === false ? 'other' : '' },
    h('th', { scope: 'row' }, roomName(room.room_type), room.matches ? h('span', { class: 'unseen' }, ` ${t('rooms.fits')}`) : null),
    h('td', {}, showLevels(room.care_levels)),
    h('td', {}, showYuan(full), net !== undefined && net !== full ? h('small', { class: 'line' }, t('rooms.net', { yuan: showYuan(net) })) : null),
    h('td', { class: free ? 'free' : '' }, showVacant(room)));
}

const citations = ({ reasons = [] }) => reasons.map(({ citation }) => citation).filter(Boolean);
const unverified = (subsidy) => citations(subsidy).some(({ verified }) => verified === false);

/** What the subsidy would be, in a line; nothing where it was not asked for. */
export function showSubsidy({ subsidy }) {
  if (!subsidy) return '';
  if (!subsidy.applies) return t('subsidy.none');
  return t(unverified(subsidy) ? 'subsidy.unverified' : 'subsidy.applies', { yuan: showYuan(subsidy.monthly_fen) });
}

/** The same with what it rests on, and how sure that is. */
export function drawSubsidy({ subsidy }) {
  if (!subsidy) return [];
  const sources = showSources(citations(subsidy));
  return [
    h('p', { class: 'hint' }, showSubsidy({ subsidy }), sources ? h('span', { class: 'line' }, sources) : null),
    unverified(subsidy) ? h('p', { class: 'doubt' }, t('subsidy.doubt')) : null,
  ];
}

/** What a home offers besides beds. */
export const drawFeatures = ({ features }) =>
  (features.length ? h('ul', { class: 'plain tags', 'aria-label': t('beds.features') }, ...features.map((feature) => h('li', { class: 'tag good' }, featureName(feature)))) : null);

/** The day of an instant, or nothing. */
export const showDayOf = (instant) => (instant ? showDate(dayOf(instant)) : '');
