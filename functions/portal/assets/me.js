// My volunteering: who I am to the service, my hours and stars, and everything that belongs to them.

import './page.js';
import { join, t } from './words.js';
import { $, alertIn, data, dial, fact, h } from './dom.js';
import { query } from './api.js';
import { Attendance } from './attendance.js';
import { Certificates } from './certificates.js';
import { wireChange } from './change.js';
import { districtName, isDistrict } from './places.js';
import { Entries } from './record.js';
import { Results } from './results.js';
import { isLive, leaveButton, placeTag } from './signups.js';
import { Ticket } from './ticket.js';
import { dayOf, showDate } from './time.js';
import { recall, remember } from './vault.js';
import { opportunityLink, opportunityPage, showFree, showMinutes, showShift, skillName, starName, trainingName } from './volunteering.js';

const ticket = new Ticket({
  kind: 'volunteer',
  api: '/volunteer/volunteers/me',
  named: ({ volunteer_no: number }) => number,
  heading: t('mine.heading'),
  fresh: t('mine.registered'),
  unknown: t('mine.unknown'),
  draw,
  entry: ({ name, registered_at: at }) => ({ name, at }),
  offline: true,
  cleared: () => attendance.clear(),
});

// Who I am -----------------------------------------------------------------------------------------------------------

function draw(volunteer, before) {
  const { guardian, skills, availability, trainings } = volunteer;
  const district = volunteer.division_code.slice(0, 6);
  $('facts').replaceChildren(
    ...fact(t('mine.number'), h('strong', { class: 'code' }, volunteer.volunteer_no)),
    ...fact(t('mine.who'), data(volunteer.name), ` · ${volunteer.id_number}`, h('span', { class: 'line' }, volunteer.phone)),
    ...(guardian ? fact(t('register.guardian'), data(guardian.name), ` · ${t(`relation.${guardian.relation}`)}`, h('span', { class: 'line' }, guardian.phone)) : []),
    ...fact(t('abilities.division'), isDistrict(district) ? districtName(district) : volunteer.division_code),
    ...fact(t('abilities.skills'), skills.length ? join(skills.map(skillName)) : t('mine.none')),
    ...fact(t('abilities.free'), ...(availability.length ? showFree(availability).map((line) => h('span', { class: 'line' }, line)) : [t('mine.none')])),
    ...(trainings.length ? fact(t('mine.trainings'), ...trainings.map(({ training, completed_on: on }) => h('span', { class: 'line' }, t('mine.trained', { training: trainingName(training), day: showDate(on) })))) : []),
    ...fact(t('mine.since'), showDate(dayOf(volunteer.registered_at))),
  );
  const other = before?.volunteer_no !== volunteer.volunteer_no;
  if (other) hours = {};
  drawHours(volunteer);
  change.show(volunteer);
  drawNext();
  if (other) loadLists();
  return true;
}

let hours = {};

/** Hours and stars; what is pending and what the next star takes are known once the record came. */
function drawHours(some) {
  hours = { ...hours, ...some };
  const { total_minutes: total, star, pending_minutes: pending, next_star_minutes: next } = hours;
  $('star').textContent = starName(star);
  $('total').textContent = t('mine.total', { time: showMinutes(total) });
  $('pending').hidden = !pending;
  if (pending) $('pending').textContent = t('mine.pending', { time: showMinutes(pending) });
  $('progress').hidden = !next;
  $('next-star').hidden = next === undefined;
  if (next === undefined) return;
  if (next) {
    $('progress').value = total / next;
    $('next-star').textContent = t('mine.next_star', { star: starName(star + 1), hours: showMinutes(next), left: showMinutes(next - total) });
  } else {
    $('next-star').textContent = t('mine.all_stars');
  }
}

/** The way back to the opportunity that somebody registered for. */
function drawNext() {
  const next = recall('volunteer_next');
  $('next').hidden = !next;
  if (!next) return;
  $('next-link').href = opportunityPage(next);
  $('next-link').onclick = () => remember('volunteer_next', null);
}

// Sign-ups, record, certificates -------------------------------------------------------------------------------------

const attendance = new Attendance({
  credentials: () => ticket.credentials,
  changed: () => { record.load(); },
});

const signups = new Results({
  list: $('signups'),
  none: $('signups-none'),
  more: $('signups-more'),
  notice: $('signups-notice'),
  ask: (cursor) => ticket.request('GET', `/signups${query({ cursor })}`),
  draw: drawSignup,
  arrived: (items) => attendance.learnSignups(items),
  said: (count) => t('mine.shown', { count }),
  empty: t('mine.no_signups'),
});

function drawSignup(signup) {
  const done = async () => {
    await signups.load({ quiet: true });
    alertIn($('signups-notice'), t('signup.left', { when: showShift(signup) }));
  };
  const button = leaveButton(signup, ticket.credentials.token, { done, failed: ({ message }) => alertIn($('signups-notice'), message) });
  return h('li', { class: 'card point' },
    h('h3', {}, opportunityLink(signup)),
    h('p', {}, showShift(signup), ' ', placeTag(signup)),
    h('p', {}, data(signup.organisation_name)),
    isLive(signup) ? h('p', {}, data(signup.address), h('span', { class: 'line' }, dial(signup.phone, { class: 'tap' }))) : null,
    button ? h('p', { class: 'foot' }, button) : null);
}

const record = new Entries({
  ticket,
  arrived: (answer) => {
    drawHours(answer);
    attendance.learnEntries(answer.entries);
  },
});
const certificates = new Certificates(ticket);

async function loadLists() {
  attendance.clear();
  await Promise.all([signups.load({ quiet: true }), record.load(), certificates.load()]);
  attendance.start();
}

// Changing -----------------------------------------------------------------------------------------------------------

const change = wireChange(ticket);

ticket.wireDelete($('withdraw'), $('withdraw-dialog'), t('mine.withdrawn'));
ticket.wireRefresh($('refresh'));
$('refresh').addEventListener('click', () => { if (ticket.shown) loadLists(); });

ticket.start();
