// Volunteering: the words of its code lists, its pages, and shifts and hours as people read them.

import { join, t } from './words.js';
import { data, h } from './dom.js';
import { query } from './api.js';
import { DAYS, dayOf, showClock, showDate, showShortDay, showSpan, weekdays } from './time.js';

export const FIELDS = [
  'elder_care', 'disability_support', 'children_and_youth', 'poverty_relief', 'community_service', 'culture_and_education',
  'environment', 'health', 'emergency_relief', 'large_events', 'public_order', 'other',
];
export const SKILLS = [
  'caregiving', 'medical_nursing', 'psychological_support', 'teaching', 'legal_advice', 'foreign_languages', 'sign_language',
  'digital_help', 'home_repair', 'driving', 'arts_and_sports', 'event_organisation', 'emergency_rescue',
];
export const PARTS = ['morning', 'afternoon', 'evening'];

export const fieldName = (field) => t(`volunteer_field.${field}`);
export const skillName = (skill) => t(`skill.${skill}`);
export const trainingName = (training) => t(`training.${training}`);
export const partName = (part) => t(`part.${part}`);
export const starName = (star) => t(`star.${star}`);

export const opportunityPage = (id) => `/volunteer/opportunity${query({ id })}`;
export const certificatePage = (code) => `/volunteer/certificate${query({ code })}`;

/** A link to an opportunity. */
export const opportunityLink = ({ opportunity_id: id, title }) => h('a', { href: opportunityPage(id) }, data(title));

/** `2 小时 5 分钟` */
export function showMinutes(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t('minutes.minutes', { minutes: rest });
  return rest ? t('minutes.both', { hours, minutes: rest }) : t('minutes.hours', { hours });
}

/** `12月1日周二 09:00–12:00`; a night's shift ends on the day after. */
export function showShift({ starts_at: start, ends_at: end }) {
  const [day, last] = [dayOf(start), dayOf(end)];
  const time = day === last || showClock(end) === '00:00' ? showSpan(start, end) : t('shift.overnight', { from: showClock(start), to: showClock(end) });
  return t('common.day_time', { day: showShortDay(day), time });
}

/** `2026年12月1日 至 2026年12月3日`, or the one day. */
export const showDays = (from, to) => (from === to ? showDate(from) : t('waitlist.range', { from: showDate(from), to: showDate(to) }));

/** Whether one can sign up for a shift, and how many places are left. */
export const drawPlaces = ({ status, remaining, waitlisted }) => h('span', { class: `places ${status}` },
  h('b', {}, t(`shift.${status}`)),
  status === 'open' ? ` · ${t('shift.remaining', { count: remaining })}` : status === 'waitlist' ? ` · ${t('shift.waiting', { count: waitlisted })}` : '');

/** When somebody is free, a line for each day: `周六：上午、下午`. */
export const showFree = (times) => weekdays()
  .map(({ usual }, index) => [usual, PARTS.filter((part) => times.includes(`${DAYS[index]}_${part}`))])
  .filter(([, parts]) => parts.length)
  .map(([day, parts]) => t('hours.line', { days: day, spans: join(parts.map(partName)) }));
