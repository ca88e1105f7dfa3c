// When a donation point is open: now, and through the week.

import { join, t } from './words.js';
import { h } from './dom.js';
import { DAYS, now, showClosing, showDay, showSoon, today, weekdays } from './time.js';

const EXCEPTIONS = 10; // shown at most

/** Whether it is open, and until or from when. */
export function drawOpening({ open_now: open, opens_at: opens, closes_at: closes }) {
  const coming = opens && Date.parse(opens) > now();
  const more = open ? closes && t('hours.closes', { when: showClosing(closes) }) : coming && t('hours.opens', { when: showSoon(opens) });
  return h('span', { class: open ? 'open' : 'closed' }, h('b', {}, t(open ? 'hours.open' : 'hours.closed')), more ? ` · ${more}` : '');
}

const showSpans = (spans) =>
  spans?.length ? join(spans.map(({ opens, closes }) => `${opens}\u2060–\u2060${closes}`)) : t('hours.none');

/** The lines of the opening hours: days with the same hours share one. */
function showHours({ weekly = {}, on_holidays: holidays, make_up_days_as: makeUp, exceptions = [] }) {
  const names = weekdays().map(({ usual }) => usual);
  const runs = [];
  DAYS.forEach((day, index) => {
    const spans = showSpans(weekly[day]);
    const last = runs.at(-1);
    if (last?.spans === spans) last.to = index;
    else runs.push({ from: index, to: index, spans });
  });
  const lines = runs.map(({ from, to, spans }) =>
    t('hours.line', { days: from === to ? names[from] : t('hours.days', { from: names[from], to: names[to] }), spans }));
  if (holidays) lines.push(t('hours.line', { days: t('hours.holidays'), spans: showSpans(holidays) }));
  if (makeUp) lines.push(makeUp === 'closed' ? t('hours.line', { days: t('hours.make_up'), spans: t('hours.none') }) : t('hours.make_up_as', { day: names[DAYS.indexOf(makeUp)] }));
  const coming = exceptions.filter(({ date }) => date >= today()).slice(0, EXCEPTIONS);
  return [...lines, ...coming.map(({ date, hours }) => t('hours.line', { days: showDay(date), spans: showSpans(hours) }))];
}

export const drawHours = (hours) => showHours(hours).map((line) => h('span', { class: 'line' }, line));
