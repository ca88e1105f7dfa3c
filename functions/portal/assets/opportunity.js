// One opportunity to volunteer: what it is, its risks, what it asks for, and its shifts to sign up for.

import './page.js';
import { join, t } from './words.js';
import { $, alertIn, busy, data, dial, fact, h, sampleLabel, say } from './dom.js';
import { call, query } from './api.js';
import { explain } from './form.js';
import { drawMatch, showLacking } from './match.js';
import { askAs, myself } from './myself.js';
import { mapLink } from './places.js';
import { isLive, leaveButton, placeTag, showPlace, signUp } from './signups.js';
import { now, showDate } from './time.js';
import { recall } from './vault.js';
import { drawPlaces, fieldName, showShift, skillName, trainingName } from './volunteering.js';

const id = new URLSearchParams(location.search).get('id');
let me = myself();
let shown = null;
let mine = new Map(); // the volunteer's sign-ups by shift

async function start() {
  if (!id) {
    location.replace('/volunteer');
    return;
  }
  alertIn($('notice'), '');
  $('waiting').hidden = false;
  try {
    await load();
  } catch (problem) {
    if (problem.status === 404) alertIn($('notice'), t('opportunity.unknown'));
    else alertIn($('notice'), problem.message, { action: h('button', { type: 'button', class: 'button secondary', onclick: () => start() }, t('common.retry')) });
  } finally {
    $('waiting').hidden = true;
  }
}

async function load() {
  const asked = await askAs(me, (token) => Promise.all([
    call('GET', `/volunteer/opportunities/${encodeURIComponent(id)}`, { token }),
    token ? call('GET', '/volunteer/volunteers/me/signups?limit=100', { token }) : { items: [] },
  ]));
  me = asked.me;
  const [opportunity, signups] = asked.answer;
  // The latest first: of several for one shift the last one counts.
  mine = new Map(signups.items.filter((one) => one.opportunity_id === opportunity.id).reverse().map((one) => [one.shift_id, one]));
  draw(opportunity);
}

// Showing ------------------------------------------------------------------------------------------------------------

function draw(opportunity) {
  shown = opportunity;
  $('opportunity').hidden = false;
  $('heading').replaceChildren(data(opportunity.title), ...sampleLabel(opportunity));
  document.title = `${opportunity.title} · ${t('site.name')}`;
  $('sample').hidden = !opportunity.sample;
  $('about').textContent = fieldName(opportunity.field);
  $('description').replaceChildren(data(opportunity.description));
  drawRisks(opportunity);
  $('facts').replaceChildren(
    ...fact(t('opportunity.organisation'), data(opportunity.organisation_name)),
    ...fact(t('opportunity.address'), data(opportunity.address), h('br'), mapLink({ name: opportunity.title, location: opportunity.location }, { class: 'tap' })),
    ...fact(t('opportunity.phone'), dial(opportunity.phone, { class: 'tap' })),
    ...(opportunity.skills.length ? fact(t('opportunity.skills'), join(opportunity.skills.map(skillName))) : []),
  );
  drawRequirements(opportunity);
  $('match').hidden = !opportunity.match;
  $('match-reasons').replaceChildren(opportunity.match ? drawMatch(opportunity.match) : '');
  drawWho();
  drawShifts();
}

function drawRisks({ risks, dangerous, insurance }) {
  $('risks').hidden = !risks;
  $('risks').classList.toggle('dangerous', dangerous);
  $('risks-text').replaceChildren(data(risks));
  $('insurance').hidden = !insurance;
  if (insurance) $('insurance').replaceChildren(t('opportunity.insurance', { until: showDate(insurance.until), policy: insurance.policy }), data(insurance.insurer));
}

function drawRequirements({ requirements, for_minors: minors }) {
  const { minimum_age: least, maximum_age: most, skills, trainings, health } = requirements;
  const age = most ? t('opportunity.age_span', { least: least ?? 0, most }) : least ? t('opportunity.age_least', { least }) : '';
  $('requirements').replaceChildren(
    ...fact(t('opportunity.age'), age, h('span', { class: age ? 'line' : '' }, t(minors ? 'opportunity.minors' : 'opportunity.no_minors'))),
    ...(skills.length ? fact(t('opportunity.required_skills'), join(skills.map(skillName))) : []),
    ...(trainings.length ? fact(t('opportunity.trainings'), join(trainings.map(trainingName))) : []),
    ...(health ? fact(t('opportunity.health'), data(health)) : []),
  );
  $('health-text').replaceChildren(data(health ?? ''));
}

/** Whether anybody can still sign up for something. */
const recruits = () => shown.status === 'published' && shown.shifts.some(({ status }) => status === 'open' || status === 'waitlist');

function drawWho() {
  const open = recruits();
  $('closed').hidden = shown.status !== 'closed';
  $('health-field').hidden = !(open && me && shown.requirements.health);
  $('who').hidden = !open;
  if (me) $('who').replaceChildren(t('opportunity.who', { name: me.name || me.reference }), ' ', h('a', { class: 'tap', href: '/volunteer/me' }, t('home.mine')));
  else {
    $('who').replaceChildren(t('opportunity.nobody'), ' ',
      h('a', { class: 'tap', href: `/volunteer/register${query({ opportunity: id })}` }, t('home.register')), ' ',
      h('a', { class: 'tap', href: '/volunteer/me' }, t('opportunity.registered')));
  }
}

/** Shifts to come, those that are on, and those past ones that are the volunteer's own. */
const worth = (shift) => Date.parse(shift.ends_at) > now() || mine.has(shift.id);

function drawShifts() {
  const shifts = shown.shifts.filter(worth);
  $('no-shifts').hidden = shifts.length > 0;
  $('shifts').replaceChildren(...shifts.map((shift) => {
    const signup = mine.get(shift.id);
    return h('li', { class: 'card point', id: `shift-${shift.id}` },
      h('h3', {}, showShift(shift)),
      h('p', {}, drawPlaces(shift), signup ? ' ' : null, signup ? placeTag(signup) : null),
      ...drawAction(shift, signup));
  }));
}

/** The button to sign up or to withdraw, or why there is none. */
function drawAction(shift, signup) {
  const line = (text) => [h('p', { class: 'hint' }, text)];
  if (signup && isLive(signup)) {
    const button = leaveButton(signup, me.token, { done: () => left(signup), failed: (problem) => refused(problem) });
    return button ? [h('p', { class: 'foot' }, button)] : line(t('signup.begun'));
  }
  if (shown.status !== 'published') return line(t('signup.why_closed'));
  if (shift.status !== 'open' && shift.status !== 'waitlist') return line(t(`signup.why_${shift.status}`));
  const label = t(shift.status === 'open' ? 'signup.sign_up' : 'signup.join');
  const named = t('signup.for_shift', { action: label, shift: showShift(shift) });
  if (!me) return [h('p', { class: 'foot' }, h('a', { class: 'button secondary', href: `/volunteer/register${query({ opportunity: id })}`, 'aria-label': t('signup.for_shift', { action: t('signup.register'), shift: showShift(shift) }) }, t('signup.register')))];
  const lacking = shown.match ? showLacking(shown.match) : '';
  if (lacking) return line(lacking);
  return [h('p', { class: 'foot' }, h('button', { type: 'button', class: 'button', 'aria-label': named, onclick: ({ currentTarget: button }) => take(button, shift) }, label))];
}

// Signing up ---------------------------------------------------------------------------------------------------------

/** Shows how it stands now; when that can't be asked, what is on the page stays. */
async function refresh() {
  try {
    await load();
  } catch {
    drawShifts();
  }
}

function tell(text, good, action) {
  $('answer').classList.toggle('good', good);
  alertIn($('answer'), text, { action });
}

async function take(button, shift) {
  const needed = Boolean(shown.requirements.health);
  const healthy = $('health').checked;
  $('health-error').textContent = needed && !healthy ? t('opportunity.health_needed') : '';
  $('health').toggleAttribute('aria-invalid', false);
  if (needed && !healthy) {
    $('health').setAttribute('aria-invalid', 'true');
    $('health').focus();
    return;
  }
  await busy(button, async () => {
    say(t('common.sending'));
    try {
      const signup = await signUp(shift.id, me.token, needed);
      mine.set(shift.id, signup);
      await refresh();
      const when = showShift(shift);
      tell(signup.status === 'confirmed' ? t('signup.done', { when }) : t('signup.waits', { when, place: showPlace(signup) }), true,
        h('a', { class: 'button secondary', href: '/volunteer/me' }, t('home.mine')));
    } catch (problem) {
      await refused(problem);
    }
  });
}

async function refused(problem) {
  if (problem.status === 409) await refresh(); // it is no longer what the page shows
  const why = [problem.status === 0 ? t('signup.not_sent', { why: problem.message }) : explain(problem), ...problem.errors.map(({ message }) => message)];
  tell(why.join(' '), false);
}

async function left(signup) {
  mine.set(signup.shift_id, { ...signup, status: 'withdrawn', position: null });
  await refresh();
  tell(t('signup.left', { when: showShift(signup) }), true);
}

// --------------------------------------------------------------------------------------------------------------------

$('health').addEventListener('change', () => {
  $('health-error').textContent = '';
  $('health').removeAttribute('aria-invalid');
});
$('back').href = `/volunteer${recall('volunteer_search') ?? ''}`;
start();
