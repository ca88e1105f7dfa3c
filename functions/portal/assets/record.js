// The entries of a volunteer's record: how each stands, what happened to it, and disputing it.

import { t } from './words.js';
import { $, alertIn, busy, data, h, say } from './dom.js';
import { query } from './api.js';
import { clearFaults, explain, missing, showFaults } from './form.js';
import { Results } from './results.js';
import { now, showDeadline, showSlot } from './time.js';
import { opportunityLink, showMinutes, showShift } from './volunteering.js';

const REASONS = ['wrong_minutes', 'not_there', 'other'];
const DAY = 1_440;

const canDispute = ({ status, disputable_until: until }) => ['recorded', 'confirmed'].includes(status) && Date.parse(until) > now();

function drawStep({ step, at, by, minutes, reason, claimed_minutes: claimed, note }) {
  const line = (text) => h('span', { class: 'line' }, text);
  const known = ['checked_out', 'added', 'corrected', 'confirmed'].includes(step);
  return h('li', {},
    h('strong', {}, t(`record_step.${step}`), known ? ` · ${showMinutes(minutes)}` : ''),
    line(`${showSlot(at)} · ${t(by === 'citizen' ? 'record.by_me' : 'record.by_staff')}`),
    reason ? line(t('record.reason', { reason: t(`record_reason.${reason}`) })) : null,
    claimed !== undefined ? line(t('record.claimed', { time: showMinutes(claimed) })) : null,
    note ? line(data(note)) : null);
}

export class Entries {
  /** `ticket` is the volunteer's; `arrived(answer)` hears of each page of the record. */
  constructor({ ticket, arrived }) {
    this.ticket = ticket;
    this.results = new Results({
      list: $('record'),
      none: $('record-none'),
      more: $('record-more'),
      notice: $('record-notice'),
      ask: async (cursor) => {
        const answer = await ticket.request('GET', `/record${query({ cursor })}`);
        arrived(answer);
        return { items: answer.entries, next_cursor: answer.next_cursor };
      },
      draw: (entry) => this.draw(entry),
      said: (count) => t('mine.shown', { count }),
      empty: t('record.none'),
    });
    wireDispute(this);
  }

  load() {
    return this.results.load({ quiet: true });
  }

  draw(entry) {
    const { status, minutes, counted_minutes: counted } = entry;
    const time = status === 'checked_in' ? t('record.not_out') : counted === minutes ? showMinutes(minutes) : t('record.counted', { recorded: showMinutes(minutes), counted: showMinutes(counted) });
    const item = h('li', { class: 'card point' },
      h('h3', {}, opportunityLink(entry)),
      h('p', {}, showShift(entry), ' ', h('span', { class: status === 'confirmed' ? 'tag good' : 'tag' }, t(`record_status.${status}`))),
      h('p', {}, h('b', {}, time)),
      h('p', {}, data(entry.organisation_name)),
      h('details', { class: 'extra' },
        h('summary', {}, t('record.steps')),
        h('ol', { class: 'plain timeline' }, ...entry.steps.map(drawStep))),
      canDispute(entry) ? h('p', { class: 'foot' },
        h('button', { type: 'button', class: 'button secondary', 'aria-label': t('dispute.open_for', { title: entry.title, shift: showShift(entry) }), onclick: () => openDispute(entry, item) }, t('dispute.open')),
        h('small', { class: 'hint' }, t('dispute.until', { when: showDeadline(entry.disputable_until) }))) : null);
    return item;
  }
}

// Disputing ----------------------------------------------------------------------------------------------------------

let disputed = null; // { entry, item }

function openDispute(entry, item) {
  if (entry.entry !== disputed?.entry.entry) $('dispute-form').reset();
  disputed = { entry, item };
  $('dispute-entry').replaceChildren(data(entry.title), ` · ${showShift(entry)}`);
  clearFaults($('dispute-form'), $('dispute-faults'));
  $('dispute').showModal();
}

/** What was typed as minutes; null when it is none, undefined when it is nothing. */
function readMinutes() {
  const text = $('dispute-minutes').value.normalize('NFKC').trim();
  if (!text) return undefined;
  return /^\d{1,4}$/.test(text) && Number(text) <= DAY ? Number(text) : null;
}

function wireDispute(entries) {
  $('dispute-reason').append(...REASONS.map((value) => h('option', { value }, t(`record_reason.${value}`))));
  $('dispute-close').addEventListener('click', () => $('dispute').close());
  $('dispute-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const minutes = readMinutes();
    const faults = missing($('dispute-form'));
    if (minutes === null) faults.push({ pointer: '/claimed_minutes', message: t('dispute.not_minutes') });
    if (minutes === undefined && $('dispute-reason').value === 'wrong_minutes') faults.push({ pointer: '/claimed_minutes', message: t('common.required') });
    if (faults.length) {
      showFaults($('dispute-form'), $('dispute-faults'), t('common.incomplete'), faults);
      return;
    }
    clearFaults($('dispute-form'), $('dispute-faults'));
    busy($('dispute-send'), () => send(entries, minutes));
  });
}

async function send(entries, minutes) {
  const { entry, item } = disputed;
  const note = $('dispute-note').value.trim().replace(/\s+/g, ' '); // the API takes one line
  const body = { reason: $('dispute-reason').value, ...(minutes !== undefined && { claimed_minutes: minutes }), ...(note && { note }) };
  try {
    const answer = await entries.ticket.request('POST', `/record/${encodeURIComponent(entry.entry)}/dispute`, { body });
    $('dispute-form').reset();
    $('dispute').close();
    const drawn = entries.draw(answer);
    item.replaceWith(drawn);
    drawn.querySelector('a').focus();
    say(t('dispute.done'));
    alertIn($('record-notice'), t('dispute.done'), { focus: false });
  } catch (problem) {
    if (problem.errors.length) showFaults($('dispute-form'), $('dispute-faults'), problem.message, problem.errors);
    else alertIn($('dispute-faults'), explain(problem));
  }
}
