// Days and times as Shanghai's clocks show them. A day is a `YYYY-MM-DD` string.

import { lang, t } from './words.js';

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000; // no daylight saving since 1991
const locale = lang === 'en' ? 'en-GB' : 'zh-CN';
const form = (options) => new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Shanghai', ...options });
const dayForm = form({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
const shortForm = form({ month: 'short', day: 'numeric', weekday: 'short' });
const dateForm = form({ year: 'numeric', month: 'long', day: 'numeric' });
const dayAndMonthForm = form({ month: 'long', day: 'numeric' });
const clockForm = form({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const monthForm = form({ year: 'numeric', month: 'long' });
const weekdayForm = form({ weekday: lang === 'en' ? 'short' : 'narrow' });
const weekdayUsualForm = form({ weekday: 'short' });
const weekdayLongForm = form({ weekday: 'long' });

let skew = 0;

/** Learns from an answer's `Date` header how far off this device's clock is. */
export function learnClock(header) {
  const server = Date.parse(header ?? '');
  if (Number.isFinite(server)) {
    const difference = server + 500 - Date.now();
    skew = Math.abs(difference) > 5_000 ? difference : 0;
  }
}

/** Now, in milliseconds, by the server's clock. */
export const now = () => Date.now() + skew;

/** The day in Shanghai at `instant`. */
export const dayOf = (instant) => new Date(Date.parse(instant) + SHANGHAI).toISOString().slice(0, 10);

/** Today in Shanghai. */
export const today = () => new Date(now() + SHANGHAI).toISOString().slice(0, 10);

const noon = (day) => new Date(`${day}T12:00:00+08:00`);

/** The day `count` days after `day`. */
export const addDays = (day, count) => new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);

/** 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** The first day of the month of `day`, `count` months on. */
export function addMonths(day, count) {
  const [year, month] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + count, 1)).toISOString().slice(0, 10);
}

/** The last day of the month of `day`. */
export const monthEnd = (day) => addDays(addMonths(day, 1), -1);

/** `2026年12月1日星期二` */
export const showDay = (day) => dayForm.format(noon(day));

/** `12月1日周二` */
export const showShortDay = (day) => shortForm.format(noon(day));

/** `2026年12月1日` */
export const showDate = (day) => dateForm.format(noon(day));

/** `12月1日` */
export const showDayAndMonth = (day) => dayAndMonthForm.format(noon(day));

/** `2026年12月` */
export const showMonth = (day) => monthForm.format(noon(day));

/** `09:00` */
export const showClock = (instant) => clockForm.format(new Date(instant));

/** `09:00–09:30` */
export const showSpan = (start, end) => (end ? `${showClock(start)}–${showClock(end)}` : showClock(start));

/** The day and time of a slot. */
export const showSlot = (start, end) => t('common.day_time', { day: showDay(dayOf(start)), time: showSpan(start, end) });

/** The same, short. */
export const showShortSlot = (start) => t('common.day_time', { day: showShortDay(dayOf(start)), time: showClock(start) });

/** The same, as near as it is: today's is a time only. Takes milliseconds as well. */
export function showSoon(instant) {
  const day = dayOf(new Date(instant).toISOString());
  const time = showClock(instant);
  if (day === today()) return time;
  return day === addDays(today(), 1) ? t('common.tomorrow', { time }) : t('common.day_time', { day: showShortDay(day), time });
}

/** When something closes, as near as it is; midnight belongs to the day that it ends. */
export const showClosing = (instant) => (showClock(instant) === '00:00' && dayOf(instant) === addDays(today(), 1) ? '24:00' : showSoon(instant));

/** A deadline: a day and a time on it; midnight belongs to the day that it ends. */
export function showDeadline(instant) {
  const [day, time] = [dayOf(instant), showClock(instant)];
  const shown = time === '00:00' ? { day: showDay(addDays(day, -1)), time: '24:00' } : { day: showDay(day), time };
  return t('common.day_time', shown);
}

/** The weekdays from Monday, as the API names them. */
export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The weekdays from Monday: `{ short, usual, long }`. */
export const weekdays = () =>
  Array.from({ length: 7 }, (_, index) => {
    const day = noon(addDays('2024-01-01', index)); // a Monday
    return { short: weekdayForm.format(day), usual: weekdayUsualForm.format(day), long: weekdayLongForm.format(day) };
  });

/** Calls `tick(secondsLeft)` every second until `instant`, then `over()`. Returns a function that stops it. */
export function countDown(instant, tick, over) {
  const end = Date.parse(instant);
  const step = () => {
    const left = Math.max(0, Math.ceil((end - now()) / 1000));
    tick(left);
    if (left === 0) {
      clearInterval(timer);
      over();
    }
  };
  const timer = setInterval(step, 1000);
  step();
  return () => clearInterval(timer);
}

/** `9:05` */
export const showSeconds = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** What is left of a long time: `1 天 3 小时`, `3 小时 5 分钟`, and the last hour as `9:05`. */
export function showLeft(seconds) {
  if (seconds < 3600) return showSeconds(seconds);
  const hours = Math.floor(seconds / 3600);
  if (hours < 24) return t('left.hours', { hours, minutes: Math.floor(seconds / 60) % 60 });
  return t('left.days', { days: Math.floor(hours / 24), hours: hours % 24 });
}
