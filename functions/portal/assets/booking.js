// Booking: service → office → time → details. The address holds the choices, so that Back works and links can be shared.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, dial, focusHeading, h, sampleLabel, say } from './dom.js';
import { Attempt, call, newKey, query } from './api.js';
import { clearFaults, explain, missing, restore, savedDraft, saveOnSwitch, showFaults } from './form.js';
import { offices } from './offices.js';
import { showDistance, wireNear } from './places.js';
import { addDays, countDown, dayOf, showSeconds, showShortSlot, showSlot, today } from './time.js';
import { SlotPicker } from './slots.js';
import { readPeople, showPeople } from './people.js';
import { handOver, recall, remember } from './vault.js';

const SERVICES = ['marriage', 'divorce_application', 'divorce_certificate', 'certificate_reissue'];
const STEPS = ['service', 'office', 'time', 'details'];
/** Refusals that mean: this time is no longer to be had, choose another. */
const CHOOSE_AGAIN = ['slot_full', 'slot_not_released', 'slot_closed', 'slot_past'];
const WARN_AT = [300, 120, 60];

const state = {
  service: null,
  office: null, // the office's id
  day: null,
  hold: null, // { hold, expires_at, office_id, service, start, end }
  range: null, // { from, to }: asking for a place on the waitlist
  near: null,
};
const holding = new Attempt();
const submitting = new Attempt();
let known = null; // the offices, once they are loaded
let stopClock = () => {};
let released = Promise.resolve();

const picker = new SlotPicker($('slots'), {
  pick: take,
  wait: (range) => { go({ range }); },
  moved: (day) => {
    state.day = day;
    history.replaceState(history.state, '', address());
  },
});

// Where we are -------------------------------------------------------------------------------------------------------

const step = () => {
  if (!state.service) return 'service';
  if (!state.office) return 'office';
  return state.hold || state.range ? 'details' : 'time';
};
const address = () => `/marriage${query({ service: state.service, office: state.office, day: state.office && state.day })}`;

/** Makes a choice and moves on to what it leads to. */
function go(choice) {
  Object.assign(state, choice);
  history.pushState({ step: step(), range: state.range }, '', address());
  show();
}

function readAddress() {
  const values = new URLSearchParams(location.search);
  const service = values.get('service');
  const day = values.get('day');
  state.service = SERVICES.includes(service) ? service : null;
  state.office = (state.service && values.get('office')) || null;
  state.day = /^\d{4}-\d\d-\d\d$/.test(day ?? '') ? day : null;
  state.range = (history.state?.step === 'details' && history.state.range) || null;
}

function show({ first = false } = {}) {
  const current = step();
  for (const name of STEPS) $(`step-${name}`).hidden = name !== current;
  for (const item of $('steps').children) {
    const done = STEPS.indexOf(item.dataset.step) < STEPS.indexOf(current);
    item.className = done ? 'done' : '';
    if (item.dataset.step === current) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  }
  showChosen();
  stopClock();
  if (!first) {
    alertIn($('notice'), '');
    focusHeading($(`step-${current}`).querySelector('h2'));
  }
  if (current === 'office') showOffices();
  if (current === 'time') {
    loadOffices().catch(() => {}); // for the name only
    // A seat that was just given back counts again.
    released.then(() => picker.show({ office: state.office, service: state.service, day: state.day }));
  }
  if (current === 'details') showDetails();
}

window.addEventListener('popstate', () => {
  const forward = history.state?.step === 'details' && !history.state.range;
  readAddress();
  if (forward && !state.hold) history.replaceState({ step: 'time' }, '', address());
  if (!forward) release();
  show();
});

/** The line that says what is chosen so far, with a way back to each choice. */
function showChosen() {
  const office = known?.find(({ id }) => id === state.office);
  const back = (text, choice) =>
    h('a', {
      href: '#',
      onclick: (event) => {
        event.preventDefault();
        release();
        go({ range: null, day: null, ...choice });
      },
    }, text);
  for (const line of document.querySelectorAll('[data-chosen]')) {
    line.replaceChildren();
    if (!state.service) continue;
    line.append(h('strong', {}, t(`service.${state.service}`)), ' ', back(t('booking.change'), { service: null, office: null }));
    if (!state.office) continue;
    line.append(h('br'), h('strong', {}, data(office?.name ?? '…')), ' ', back(t('booking.change'), { office: null }));
    if (office) line.append(h('br'), h('span', {}, data(office.address)), ...sampleLabel(office));
    if (state.hold) line.append(h('br'), h('strong', { class: 'when' }, showSlot(state.hold.start, state.hold.end)));
  }
}

// Service ------------------------------------------------------------------------------------------------------------

for (const link of document.querySelectorAll('[data-service]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    go({ service: link.dataset.service });
  });
}

// Office -------------------------------------------------------------------------------------------------------------

async function loadOffices() {
  known ??= await offices(null, state.near);
  $('sample').hidden = !known.some((office) => office.sample);
  showChosen();
  return known;
}

async function showOffices() {
  const { service } = state;
  const list = $('offices');
  if (!list.children.length) list.replaceChildren(h('li', { class: 'waiting' }, t('common.loading')));
  const soonest = call('GET', `/marriage/availability${query({ service, from: today(), to: addDays(today(), 30), limit: 100 })}`)
    .then(({ items }) => items, () => []);
  try {
    await loadOffices();
  } catch (problem) {
    list.replaceChildren();
    $('earliest').hidden = true;
    alertIn($('notice'), problem.message, {
      focus: false,
      action: h('button', { type: 'button', class: 'button secondary', onclick: () => { alertIn($('notice'), ''); showOffices(); } }, t('common.retry')),
    });
    return;
  }
  const shown = () => state.service === service && step() === 'office';
  // Both at once if the times come soon, so that nothing moves under a finger; the list stands without them.
  const early = await Promise.race([soonest, new Promise((resolve) => setTimeout(resolve, 1500, null))]);
  if (shown()) drawOffices(early ?? []);
  const late = early ?? (await soonest);
  if (early === null && shown()) drawOffices(late);
}

function drawOffices(slots) {
  const offered = known.filter((office) => !office.services || office.services.includes(state.service));
  const first = new Map();
  for (const slot of slots) if (!first.has(slot.office_id)) first.set(slot.office_id, slot);
  const to = (office, day) => (event) => {
    event.preventDefault();
    go({ office, day });
  };
  $('offices').replaceChildren(...offered.map((office) => {
    const slot = first.get(office.id);
    return h('li', {},
      h('div', { class: 'card' },
        h('a', { class: 'cover', href: `/marriage${query({ service: state.service, office: office.id })}`, onclick: to(office.id, slot ? dayOf(slot.start) : null) },
          h('strong', {}, data(office.name))),
        h('span', {}, data(office.address)),
        office.phone ? dial(office.phone, { class: 'over' }) : null,
        h('span', { class: 'tags' },
          ...sampleLabel(office),
          office.distance_m === undefined ? null : h('span', { class: 'tag' }, showDistance(office.distance_m)),
          slot ? h('span', { class: 'tag good' }, t('booking.soonest', { when: showShortSlot(slot.start) })) : null)));
  }));
  $('earliest').hidden = first.size === 0;
  $('earliest-list').replaceChildren(...[...first.values()].slice(0, 3).map((slot) =>
    h('li', {}, h('a', { class: 'slot', href: `/marriage${query({ service: state.service, office: slot.office_id, day: dayOf(slot.start) })}`, onclick: to(slot.office_id, dayOf(slot.start)) },
      h('b', {}, showShortSlot(slot.start)), ' ', h('small', {}, data(slot.office_name))))));
}

wireNear($('near'), $('near-hint'), t('booking.near_failed'), async (here) => {
  state.near = here;
  known = null;
  await showOffices();
});

// Time ---------------------------------------------------------------------------------------------------------------

/** Takes a seat for ten minutes and goes on to the form. */
function take(slot, button) {
  return busy(button, async () => {
    const wanted = { office_id: state.office, service: state.service, start: slot.start };
    alertIn($('notice'), '');
    say(t('booking.holding'));
    try {
      const held = await holding.post('/marriage/holds', wanted);
      const hold = { ...held, ...wanted, end: slot.end };
      remember('hold', hold);
      go({ hold, range: null });
    } catch (problem) {
      alertIn($('notice'), problem.message);
      if (problem.status === 409 || problem.status === 422) picker.refresh();
    }
  });
}

/** Gives the seat back; whether that arrives doesn't matter, it expires by itself. */
function release() {
  if (!state.hold) return;
  const given = call('DELETE', `/marriage/holds/${encodeURIComponent(state.hold.hold)}`).catch(() => {});
  released = Promise.race([given, new Promise((resolve) => setTimeout(resolve, 1500))]);
  dropHold();
}

function dropHold() {
  state.hold = null;
  remember('hold', null);
  stopClock();
}

/** Back to the times, as they are now, saying why. What is typed stays. */
function chooseAgain(reason) {
  dropHold();
  history.replaceState({ step: 'time' }, '', address());
  show();
  alertIn($('notice'), reason);
}

// Details ------------------------------------------------------------------------------------------------------------

const headcount = () => (state.service === 'certificate_reissue' && !$('both').checked ? 1 : 2);

function showDetails() {
  const waiting = !state.hold;
  $('hold').hidden = waiting;
  $('queue').hidden = !waiting;
  $('range').hidden = !waiting;
  $('both-field').hidden = state.service !== 'certificate_reissue';
  $('ceremony-field').hidden = waiting || state.service !== 'marriage';
  $('submit').textContent = t(waiting ? 'booking.submit_queue' : 'booking.submit');
  $('details-heading').textContent = t(waiting ? 'booking.details_queue' : 'booking.details');
  document.title = `${$('details-heading').textContent} · ${t('site.name')}`;
  clearFaults($('form'), $('faults'));
  showPeople($('people'), headcount());
  loadOffices().catch(() => {});
  if (waiting) {
    $('range-from').value = state.range.from;
    $('range-to').value = state.range.to;
    $('range-from').min = today();
    $('range-to').min = today();
  } else {
    runClock();
  }
}

function runClock() {
  stopClock();
  $('hold').className = 'hold';
  $('hold-again').hidden = true;
  $('hold-text').textContent = t('booking.held');
  stopClock = countDown(
    state.hold.expires_at,
    (left) => {
      $('hold-clock').textContent = showSeconds(left);
      $('hold').classList.toggle('soon', left <= 120);
      if (WARN_AT.includes(left)) say(t('booking.minutes_left', { minutes: left / 60 }));
    },
    expire,
  );
}

function expire() {
  stopClock();
  $('hold').className = 'hold over';
  $('hold-clock').textContent = '';
  $('hold-text').textContent = t('booking.hold_over');
  $('hold-again').hidden = false;
  say(t('booking.hold_over'));
}

$('hold-again').addEventListener('click', (event) => busy(event.currentTarget, async () => {
  const { office_id, service, start, end } = state.hold;
  try {
    const held = await call('POST', '/marriage/holds', { body: { office_id, service, start }, key: newKey() });
    state.hold = { ...held, office_id, service, start, end };
    remember('hold', state.hold);
    clearFaults($('form'), $('faults'));
    runClock();
    say(t('booking.held_again'));
    $('people').querySelector('input')?.focus();
  } catch (problem) {
    if (problem.status === 409) chooseAgain(problem.message);
    else alertIn($('faults'), problem.message);
  }
}));

$('hold-other').addEventListener('click', () => {
  release();
  history.back();
});

$('both').addEventListener('change', () => showPeople($('people'), headcount()));

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const faults = missing($('form'));
  if (faults.length) {
    showFaults($('form'), $('faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults($('form'), $('faults'));
  busy($('submit'), state.hold ? book : queue);
});

async function book() {
  const { hold, start, office_id, service } = state.hold;
  const body = { office_id, service, start, hold, parties: readPeople($('people')) };
  if (service === 'marriage') body.with_ceremony = $('ceremony').checked;
  const answer = await send('/marriage/appointments', body);
  if (!answer) return;
  dropHold();
  await handOver('appointment', { reference: answer.reference, token: answer.token, fresh: true, answer });
}

async function queue() {
  const body = {
    office_id: state.office, service: state.service, from: $('range-from').value, to: $('range-to').value, parties: readPeople($('people')),
  };
  const answer = await send('/marriage/waitlist', body);
  if (answer) await handOver('waitlist', { reference: answer.reference, token: answer.token, fresh: true });
}

/** Sends the form; null when it was refused, which is then shown. */
async function send(path, body) {
  say(t('common.sending'));
  const label = $('submit').textContent;
  $('submit').textContent = t('common.sending');
  try {
    return await submitting.post(path, body);
  } catch (problem) {
    $('submit').textContent = label;
    refuse(problem);
    return null;
  }
}

function refuse(problem) {
  if (CHOOSE_AGAIN.includes(problem.code)) {
    chooseAgain(problem.message);
  } else if (problem.code === 'hold_expired') {
    expire();
    alertIn($('faults'), problem.message);
  } else if (problem.errors.length) {
    showFaults($('form'), $('faults'), problem.message, problem.errors);
  } else {
    const text = problem.status === 0 ? t('booking.not_sent', { why: problem.message }) : explain(problem);
    alertIn($('faults'), text);
  }
}

saveOnSwitch($('form'), () => step() === 'details');

readAddress();
const held = recall('hold');
if (held) {
  state.hold = held;
  const resumed = history.state?.step === 'details' && held.office_id === state.office && held.service === state.service;
  if (!resumed) release(); // came back another way: the seat is for others again
}
if (step() !== 'details' && history.state?.step === 'details') history.replaceState({ step: step() }, '', address());
const draft = savedDraft();
show({ first: true });
if (draft && step() === 'details') restore($('form'), draft);
