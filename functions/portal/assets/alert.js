// One alert: the form that makes it from a search's filters, the beds that came free since, deleting it.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, fact, h, say } from './dom.js';
import { Attempt, query } from './api.js';
import { clearFaults, explain, missing, restore, savedDraft, saveOnSwitch, showFaults } from './form.js';
import { normal } from './people.js';
import { wireNear } from './places.js';
import { institutionPage, roomName, showDayOf } from './rooms.js';
import { Ticket } from './ticket.js';
import { showSlot } from './time.js';
import { handOver } from './vault.js';
import { alertFilters, drawFilters, readWanted, showRadius } from './wanted.js';

const RADII = [1000, 3000, 5000, 10_000, 20_000];

const form = $('form');
const attempt = new Attempt();
const wanted = readWanted(location.search);
let near = null;

const ticket = new Ticket({
  kind: 'alert',
  api: '/beds/subscriptions',
  heading: t('alert.heading'),
  fresh: t('alert.made'),
  unknown: t('alert.unknown'),
  draw,
  entry: ({ filters, created_at: at }) => ({ district: filters.division_code?.slice(0, 6), at }),
});

// Making -------------------------------------------------------------------------------------------------------------

const readFilters = () => alertFilters(wanted, near && { near, radius_m: Number($('radius').value) });

const showFilters = () => $('chosen').replaceChildren(...drawFilters(readFilters()));

function showForm() {
  ticket.headed(t('alert.new'));
  $('new').hidden = false;
  $('change').href = `/beds${query(wanted)}`;
  $('left-out').hidden = !wanted.q;
  showFilters();
  const draft = savedDraft();
  if (draft) restore(form, draft);
}

async function send() {
  say(t('common.sending'));
  $('submit').textContent = t('common.sending');
  try {
    const { id, token, ...answer } = await attempt.post('/beds/subscriptions', { filters: readFilters(), contact: { phone: normal.phone($('phone').value) } });
    await handOver('alert', { reference: id, token, fresh: true, answer: { id, ...answer } });
  } catch (problem) {
    $('submit').textContent = t('alert.submit');
    if (problem.errors.length) showFaults(form, $('faults'), problem.message, problem.errors);
    else alertIn($('faults'), problem.status === 0 ? t('alert.not_sent', { why: problem.message }) : explain(problem));
  }
}

$('radius').append(...RADII.map((value) => h('option', { value, selected: value === 5000 }, t('alert.within', { distance: showRadius(value) }))));
$('radius').addEventListener('change', showFilters);
wireNear($('near'), $('near-hint'), t('alert.near_failed'), async ({ lat, lon }) => {
  near = { lat: Number(lat), lon: Number(lon) };
  $('radius-field').hidden = false;
  showFilters();
  return t('alert.near_done');
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const faults = missing(form);
  if (faults.length) {
    showFaults(form, $('faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults(form, $('faults'));
  busy($('submit'), send);
});

// Showing ------------------------------------------------------------------------------------------------------------

function draw({ id, filters, contact, created_at: made, expires_at: ends, matches }) {
  $('facts').replaceChildren(
    ...fact(t('alert.reference'), h('strong', { class: 'code' }, id)),
    ...drawFilters(filters),
    ...fact(t('person.phone'), contact.phone),
    ...fact(t('alert.made_on'), showDayOf(made)),
    ...(ends ? fact(t('alert.ends_on'), showDayOf(ends)) : []),
  );
  $('matches').replaceChildren(...matches.map(drawMatch));
  $('no-matches').hidden = matches.length > 0;
  return true;
}

const drawMatch = ({ institution_id: id, institution_name: name, room_type: type, available, at }) => h('li', {},
  h('a', { class: 'card', href: institutionPage(id) },
    h('strong', {}, data(name)),
    h('span', {}, `${roomName(type)} · ${t('alert.free', { count: available })} · ${showSlot(at)}`)));

// Deleting -----------------------------------------------------------------------------------------------------------

ticket.wireDelete($('delete'), $('delete-dialog'), t('alert.deleted'));
ticket.wireRefresh($('refresh'));
ticket.follow(() => true);

if (new URLSearchParams(location.search).has('new')) {
  saveOnSwitch(form);
  showForm();
} else {
  ticket.start();
}
