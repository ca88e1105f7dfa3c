// The calendar of one office: a month of days, and the slots of the chosen day.

import { t } from './words.js';
import { h, say } from './dom.js';
import { call, query } from './api.js';
import {
  addDays, addMonths, monthEnd, now, showDay, showMonth, showSpan, today, weekdayOf, weekdays,
} from './time.js';

const MONTHS_AHEAD = 3;
const NOON = 12;
const KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Seats that can still be taken in a day. */
const seats = (day) => open(day).reduce((total, slot) => total + slot.remaining, 0);
const open = (day) => day.slots.filter((slot) => slot.remaining > 0 && Date.parse(slot.start) > now());
const hourOf = (instant) => Number(instant.slice(11, 13));

/** How a day counts for the person choosing: an open day whose seats are gone or past is not open. */
function stateOf(day) {
  if (day.status !== 'open' || seats(day) > 0) return day.status;
  return day.slots.some((slot) => Date.parse(slot.start) > now()) ? 'full' : 'past';
}

/**
 * The picker inside `root`. `pick(slot, button)` is called with the chosen slot, `wait({ from, to })` (when given) with
 * the days that someone wants to be put on the waitlist for, `moved(day)` with each day that is looked at.
 */
export class SlotPicker {
  constructor(root, { pick, wait, moved = () => {} }) {
    this.root = root;
    this.pick = pick;
    this.wait = wait;
    this.moved = moved;
    this.days = new Map();
    this.notes = []; // what the answer rests on, such as days off that are not announced yet
    this.turn = 0;
  }

  /** Shows an office's calendar, at `day` if given, else at the first open day. */
  async show({ office, service, day }) {
    this.office = office;
    this.service = service;
    this.chosen = day && day >= today() ? day : null;
    this.month = addMonths(this.chosen ?? today(), 0);
    this.root.replaceChildren(h('p', { class: 'waiting' }, t('common.loading')));
    const turn = (this.turn += 1);
    if (!(await this.load(this.month, turn))) return;
    if (!this.chosen) {
      let first = this.firstOpen();
      const next = addMonths(this.month, 1);
      if (!first && addDays(today(), 30) >= next) {
        if (!(await this.load(next, turn))) return;
        first = this.firstOpen();
        if (first) this.month = addMonths(first, 0);
      }
      this.chosen = first;
    }
    this.draw();
  }

  /** Asks again, and shows the same day as it is now. */
  refresh() {
    return this.show({ office: this.office, service: this.service, day: this.chosen });
  }

  firstOpen() {
    return [...this.days.values()].filter((day) => stateOf(day) === 'open').map((day) => day.date).sort()[0] ?? null;
  }

  /** Loads a month; false when another question was asked meanwhile, or there was no answer. */
  async load(month, turn) {
    const from = month < today() ? today() : month;
    try {
      const answer = await call('GET', `/marriage/offices/${encodeURIComponent(this.office)}/availability${query({
        service: this.service, from, to: monthEnd(month),
      })}`);
      if (turn !== this.turn) return false;
      if (month <= today()) this.days.clear();
      this.notes = answer.notes ?? [];
      for (const day of answer.days) this.days.set(day.date, { slots: [], ...day });
      return true;
    } catch (problem) {
      if (turn === this.turn) this.fail(problem);
      return false;
    }
  }

  fail(problem) {
    const again = h('button', { type: 'button', class: 'button secondary', onclick: () => this.refresh() }, t('common.retry'));
    this.root.replaceChildren(h('div', { class: 'notice', role: 'alert' }, h('p', {}, problem.message), again));
  }

  async turnTo(month, day = null) {
    const turn = (this.turn += 1);
    this.root.setAttribute('aria-busy', 'true');
    const loaded = await this.load(month, turn);
    this.root.removeAttribute('aria-busy');
    if (!loaded) return;
    this.month = month;
    this.chosen = day;
    this.draw();
    say(showMonth(month));
    if (day) this.root.querySelector(`[data-day="${day}"]`)?.focus();
  }

  draw() {
    this.panel = h('div', { class: 'day', id: 'day', role: 'region', 'aria-live': 'polite', 'aria-labelledby': 'day-heading' });
    this.root.replaceChildren(this.drawNavigation(), this.drawMonth(), this.drawKey(), this.panel);
    this.drawDay();
  }

  drawNavigation() {
    const first = addMonths(today(), 0);
    const step = (count, label, symbol) => {
      const month = addMonths(this.month, count);
      const out = month < first || month > addMonths(first, MONTHS_AHEAD);
      const button = h('button', { type: 'button', class: 'button icon', 'aria-label': t(label), disabled: out }, symbol);
      button.addEventListener('click', async () => {
        await this.turnTo(month);
        const same = this.root.querySelector(`[aria-label="${t(label)}"]`);
        (same?.disabled ? this.root.querySelector('[data-day][tabindex="0"]') : same)?.focus();
      });
      return button;
    };
    return h('div', { class: 'months' },
      step(-1, 'slots.previous', '‹'),
      h('h3', { id: 'month' }, showMonth(this.month)),
      step(1, 'slots.next', '›'));
  }

  drawMonth() {
    const names = weekdays();
    const last = monthEnd(this.month);
    const rows = [];
    const first = this.month < today() ? today() : this.month; // weeks that are over only cost room
    for (let monday = addDays(first, -weekdayOf(first)); monday <= last; monday = addDays(monday, 7)) {
      const cells = names.map((_, index) => {
        const day = addDays(monday, index);
        return day < this.month || day > last ? h('td', {}) : h('td', {}, this.drawCell(day));
      });
      rows.push(h('tr', {}, ...cells));
    }
    const table = h('table', { class: 'month', role: 'grid', 'aria-labelledby': 'month' },
      h('thead', {}, h('tr', {}, ...names.map(({ short, long }) => h('th', { scope: 'col', abbr: long, 'aria-label': long }, short)))),
      h('tbody', {}, ...rows));
    table.addEventListener('keydown', (event) => this.walk(event));
    const stop = table.querySelector('[aria-pressed="true"]') ?? table.querySelector('.open') ?? table.querySelector('[data-day]');
    stop?.setAttribute('tabindex', '0');
    return table;
  }

  drawCell(date) {
    const number = String(Number(date.slice(8)));
    const day = this.days.get(date);
    if (!day || date < today()) return h('span', { class: 'past' }, number);
    const state = stateOf(day);
    const short = t(`slots.short_${state}`);
    const more = state === 'open' ? t('slots.seats', { seats: seats(day) }) : day.reason || t(`slots.why_${state}`);
    return h('button', {
      type: 'button',
      class: state,
      'data-day': date,
      tabindex: '-1',
      'aria-pressed': String(date === this.chosen),
      'aria-label': t('slots.day_label', { number, short, day: showDay(date), more }),
      onclick: () => this.choose(date),
    }, h('b', {}, number), ' ', h('small', {}, short));
  }

  drawKey() {
    return h('div', { class: 'hint' }, ...[t('slots.key'), ...this.notes].map((line) => h('p', {}, line)));
  }

  /** Arrow keys walk the days, Home and End the week, Page Up and Page Down the months. */
  walk(event) {
    const from = event.target.dataset?.day;
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    let to;
    if (event.key in KEYS) to = addDays(from, KEYS[event.key]);
    else if (event.key === 'Home') to = addDays(from, -weekdayOf(from));
    else if (event.key === 'End') to = addDays(from, 6 - weekdayOf(from));
    else if (event.key === 'PageUp') to = addMonths(from, -1);
    else if (event.key === 'PageDown') to = addMonths(from, 1);
    else return;
    event.preventDefault();
    if (to < today()) to = today();
    const cell = this.root.querySelector(`[data-day="${to}"]`);
    if (cell) {
      this.root.querySelector('[data-day][tabindex="0"]')?.setAttribute('tabindex', '-1');
      cell.setAttribute('tabindex', '0');
      cell.focus();
    } else if (to <= monthEnd(addMonths(today(), MONTHS_AHEAD))) {
      this.turnTo(addMonths(to, 0), to);
    }
  }

  choose(date) {
    this.chosen = date;
    for (const cell of this.root.querySelectorAll('[data-day]')) {
      cell.setAttribute('aria-pressed', String(cell.dataset.day === date));
      cell.setAttribute('tabindex', cell.dataset.day === date ? '0' : '-1');
    }
    this.drawDay();
    this.panel.scrollIntoView({ block: 'nearest' });
  }

  drawDay() {
    const day = this.chosen && this.days.get(this.chosen);
    if (!day) {
      const any = this.firstOpen();
      const text = any ? t('slots.choose_day') : t('slots.none');
      this.panel.replaceChildren(h('h3', { id: 'day-heading' }, text), ...(any ? [] : [this.drawWait(null)]));
      return;
    }
    this.moved(day.date);
    const state = stateOf(day);
    const heading = h('h3', { id: 'day-heading' }, showDay(day.date));
    if (state === 'open') {
      const halves = [['slots.morning', (slot) => hourOf(slot.start) < NOON], ['slots.afternoon', (slot) => hourOf(slot.start) >= NOON]];
      const lists = halves.flatMap(([key, fits]) => {
        const slots = day.slots.filter((slot) => fits(slot) && Date.parse(slot.start) > now());
        return slots.length === 0 ? [] : [h('h4', {}, t(key)), h('ul', { class: 'plain slots' }, ...slots.map((slot) => this.drawSlot(slot)))];
      });
      this.panel.replaceChildren(heading, ...lists);
      return;
    }
    this.panel.replaceChildren(heading, h('p', {}, day.reason || t(`slots.why_${state}`)), ...(state === 'full' ? [this.drawWait(day.date)] : []));
  }

  drawSlot(slot) {
    const time = showSpan(slot.start, slot.end);
    if (slot.remaining < 1) return h('li', {}, h('span', { class: 'slot full' }, h('b', {}, time), ' ', h('small', {}, t('slots.short_full'))));
    const button = h('button', { type: 'button', class: 'slot' }, h('b', {}, time), ' ', h('small', {}, t('slots.seats', { seats: slot.remaining })));
    button.addEventListener('click', () => this.pick(slot, button));
    return h('li', {}, button);
  }

  /** The way to the waitlist: for one day, or for all that is shown. */
  drawWait(date) {
    if (!this.wait) return h('p', { class: 'hint' }, t('slots.other'));
    const to = monthEnd(this.month);
    const range = date ? { from: date, to: date } : { from: this.month < today() ? today() : this.month, to };
    const waiting = [...this.days.values()].some((day) => day.date >= range.from && day.date <= range.to && stateOf(day) === 'full');
    if (!waiting) return h('p', { class: 'hint' }, t('slots.other'));
    return h('div', { class: 'wait' },
      h('p', {}, t('slots.wait_about')),
      h('button', { type: 'button', class: 'button', onclick: () => this.wait(range) }, t('slots.wait')));
  }
}
