// What a family looks for: as the address has it, as the API takes it, and in words.

import { join, t } from './words.js';
import { fact, h } from './dom.js';
import { reader } from './filters.js';
import { parseYuan, showYuan } from './money.js';
import { districtName, isDistrict, showDistance } from './places.js';
import { FEATURES, featureName, levelName, OWNERSHIPS, ownershipName, ROOM_TYPES, roomName } from './rooms.js';

export const MINIMUMS = ['1', '2', '3', '5', '10'];
const SORTS = ['price', 'available'];

const rules = {
  district: isDistrict,
  room: (type) => ROOM_TYPES.includes(type),
  level: (level) => /^[0-6]$/.test(level),
  household: isDistrict,
  max: (yuan) => parseYuan(yuan) !== null,
  ownership: (ownership) => OWNERSHIPS.includes(ownership),
  min: (count) => MINIMUMS.includes(count),
  features: (list) => list.split(',').every((feature) => FEATURES.includes(feature)),
  q: (text) => text.length <= 50,
  sort: (sort) => SORTS.includes(sort),
};

/** The names of what may be looked for, as fields and addresses have them. */
export const WANTED = Object.keys(rules);

/** What an address's query asks for; what makes no sense is left out. */
export const readWanted = reader(rules);

/** The filters of the API's search. */
export const searchOf = (wanted) => ({
  division_code: wanted.district,
  care_level: wanted.level,
  room_type: wanted.room,
  max_monthly_fen: wanted.max && parseYuan(wanted.max),
  feature: wanted.features,
  ownership: wanted.ownership,
  min_available: wanted.min,
  household_division_code: wanted.household,
  q: wanted.q,
  sort: wanted.sort,
});

/** The filters of an alert: what a bed is like, without words and order; `around` is `{ near, radius_m }` or nothing. */
export function alertFilters(wanted, around) {
  const all = {
    ...around,
    division_code: wanted.district,
    care_level: wanted.level && Number(wanted.level),
    room_type: wanted.room,
    max_monthly_fen: wanted.max && parseYuan(wanted.max),
    features: wanted.features && wanted.features.split(','),
    ownership: wanted.ownership,
    min_available: wanted.min && Number(wanted.min),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '' && value !== undefined));
}

/** `3 公里`; a radius is a round number, unlike a distance. */
export const showRadius = (metres) => (metres % 1000 ? showDistance(metres) : t('near.kilometres', { kilometres: metres / 1000 }));

/** The filters of an alert, as rows of a description list. */
export function drawFilters(filters) {
  const { near, radius_m: radius, division_code: division, features, min_available: minimum } = filters;
  const rows = [
    [t('beds.place'), division ? districtName(division.slice(0, 6)) : near ? '' : t('donation.any_district')],
    [t('alert.radius'), near ? t('alert.around', { distance: showRadius(radius ?? 0) }) : ''],
    [t('beds.level'), Number.isInteger(filters.care_level) ? levelName(filters.care_level) : ''],
    [t('beds.room'), filters.room_type ? roomName(filters.room_type) : ''],
    [t('beds.max'), filters.max_monthly_fen ? t('amount.yuan', { yuan: showYuan(filters.max_monthly_fen) }) : ''],
    [t('beds.features'), features?.length ? join(features.map(featureName)) : ''],
    [t('beds.ownership'), filters.ownership ? ownershipName(filters.ownership) : ''],
    [t('beds.min'), t('beds.at_least', { count: minimum ?? 1 })],
  ];
  return rows.filter(([, value]) => value).flatMap(([term, value]) => fact(term, h('span', {}, value)));
}
