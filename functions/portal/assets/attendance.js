// Checking in and out of the shifts that are on, also without a connection.

import { t } from './words.js';
import { $, alertIn, busy, data, h } from './dom.js';
import { deliver, hold, sendCode, waiting } from './checkins.js';
import { explain } from './form.js';
import { now, showClock } from './time.js';
import { opportunityLink, showMinutes, showShift } from './volunteering.js';

/** When a code is taken, by the service's own figures; the server's dated rules decide. */
const EARLY = 30 * 60_000;
const LATE = 60 * 60_000;
const LOOK_EVERY = 30_000;

const isOn = ({ status, starts_at: start, ends_at: end }) =>
  status === 'confirmed' && Date.parse(start) - EARLY <= now() && now() <= Date.parse(end) + LATE;

export class Attendance {
  /** `credentials()` are the volunteer's; `changed()` hears when their record did. */
  constructor({ credentials, changed }) {
    Object.assign(this, { credentials, changed });
    this.clear();
    setInterval(() => this.look(), LOOK_EVERY);
    window.addEventListener('online', () => this.look());
  }

  clear() {
    this.signups = new Map(); // by shift, the latest of each
    this.entries = new Map(); // likewise
    this.ready = false;
    this.drawn = '';
    alertIn($('now-notice'), '');
    this.list([]);
  }

  learnSignups(items) {
    for (const signup of items) {
      const known = this.signups.get(signup.shift_id);
      if (!known || known.signed_up_at <= signup.signed_up_at) this.signups.set(signup.shift_id, signup);
    }
    if (this.ready) this.draw();
  }

  learnEntries(entries) {
    for (const entry of entries) this.entries.set(entry.shift_id, entry);
    if (this.ready) this.draw();
  }

  /** Both are known by now. */
  start() {
    if (!this.credentials()) return;
    this.ready = true;
    this.look();
  }

  /** Sends what waits, and shows what is on now. */
  look() {
    const credentials = this.credentials();
    if (!this.ready || !credentials) return;
    this.draw();
    if (!waiting(credentials.reference).length || navigator.onLine === false) return;
    deliver(credentials, ({ title, what, scanned_at: at }, refusal) => {
      const values = { title, time: showClock(at) };
      if (refusal) this.tell(t(`attendance.${what}_refused`, { ...values, why: refusal.message }), false, false);
      else this.tell(t(`attendance.${what}_delivered`, values), true, false);
      this.changed();
    }).then(() => this.draw());
  }

  tell(text, good, focus = true) {
    $('now').hidden = false;
    $('now-notice').classList.toggle('good', good);
    alertIn($('now-notice'), text, { focus });
  }

  /** What is to be done in a shift: `check_in`, `check_out`, nothing yet or any more; and how it stands. */
  standing({ shift_id: shift, ends_at: end }) {
    const held = waiting(this.credentials().reference).filter((one) => one.shift === shift);
    const entry = this.entries.get(shift);
    const has = (what) => held.find((one) => one.what === what);
    const text = held.length ? held.map((one) => t(`attendance.${one.what}_kept`, { time: showClock(one.scanned_at) })).join(' ') : '';
    if (has('check_out')) return { text };
    if (entry?.status === 'checked_in') return { todo: 'check_out', text: text || t('attendance.in', { time: showClock(entry.checked_in_at) }) };
    if (entry) return { text: t('attendance.out', { time: showMinutes(entry.minutes) }) };
    if (has('check_in')) return { todo: 'check_out', text };
    if (Date.parse(end) < now()) return { text: t('attendance.missed') };
    return { todo: 'check_in', text: t('attendance.ready') };
  }

  draw() {
    if (!this.credentials()) return;
    const shifts = [...this.signups.values()].filter(isOn).map((signup) => ({ signup, ...this.standing(signup) }));
    const drawn = JSON.stringify(shifts.map(({ signup, todo, text }) => [signup.shift_id, todo, text]));
    if (drawn === this.drawn) return; // what is being typed stays
    this.drawn = drawn;
    this.list(shifts);
  }

  list(shifts) {
    $('now').hidden = shifts.length === 0 && !$('now-notice').textContent;
    $('now-list').replaceChildren(...shifts.map(({ signup, todo, text }) => h('li', { class: 'card point' },
      h('h3', {}, opportunityLink(signup)),
      h('p', {}, showShift(signup)),
      h('p', {}, data(signup.address)),
      h('p', { class: 'hint' }, text),
      todo ? this.form(signup, todo) : null)));
  }

  form(signup, what) {
    const id = `code-${signup.shift_id}`;
    const input = h('input', {
      type: 'text', id, maxlength: 20, autocomplete: 'off', autocapitalize: 'characters', autocorrect: 'off', spellcheck: 'false', enterkeyhint: 'send', 'aria-describedby': `${id}-hint ${id}-error`,
    });
    const error = h('p', { class: 'error', id: `${id}-error` });
    const button = h('button', { type: 'submit', class: 'button' }, t(`attendance.${what}`));
    const refuse = (text) => {
      error.textContent = text;
      if (text) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
      if (text) input.focus();
    };
    const onsubmit = (event) => {
      event.preventDefault();
      const code = input.value.trim();
      refuse(code ? '' : t('common.required'));
      if (code) busy(button, () => this.send(signup, what, code, refuse));
    };
    return h('form', { novalidate: true, autocomplete: 'off', onsubmit },
      h('div', { class: 'field' },
        h('label', { for: id }, t('attendance.code')),
        h('p', { class: 'hint', id: `${id}-hint` }, t('attendance.code_hint')),
        h('div', { class: 'beside' }, input, button),
        error));
  }

  async send({ shift_id: shift, title }, what, code, refuse) {
    const { reference, token } = this.credentials();
    const entered = new Date(now()).toISOString();
    const first = waiting(reference).length === 0;
    try {
      // Behind what waits: a check-out needs its check-in.
      const entry = first ? await sendCode({ shift, what, code }, token) : null;
      if (entry) {
        this.learnEntries([entry]);
        const time = showClock(what === 'check_in' ? entry.checked_in_at : entry.checked_out_at ?? entry.ends_at);
        this.tell(t(`attendance.${what}_done`, { title, time, minutes: showMinutes(entry.minutes) }), true);
        this.changed();
        return;
      }
    } catch (problem) {
      if (problem.status !== 0) {
        refuse(explain(problem));
        return;
      }
    }
    hold({ volunteer: reference, shift, title, what, code, scanned_at: entered });
    this.draw();
    this.tell(t(`attendance.${what}_held`, { time: showClock(entered) }), true);
    if (!first) this.look();
  }
}
