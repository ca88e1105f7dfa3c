// One appointment: what it says, its calendar file, another time, cancelling.

import './page.js';
import { t } from './words.js';
import { $, alertIn, ask, busy, data, dial, fact, focusHeading, h, sampleLabel, say } from './dom.js';
import { call, newKey, offices } from './api.js';
import { dayOf, now, showDeadline, showSlot } from './time.js';
import { SlotPicker } from './slots.js';
import { forget, kept, opened, recall, remember } from './vault.js';
import { showKept } from './kept.js';
import { showSecret } from './secret.js';
import { wireFind } from './find.js';

let credentials = null;
let appointment = null;

const path = (rest = '') => `/appointments/${encodeURIComponent(credentials.reference)}${rest}`;
const request = (method, rest, options) => call(method, path(rest), { token: credentials.token, ...options });

const picker = new SlotPicker($('slots'), { pick: move });

// Opening ------------------------------------------------------------------------------------------------------------

function showFind() {
  credentials = null;
  appointment = null;
  $('ticket').hidden = true;
  $('find').hidden = false;
  $('heading').textContent = t('appointment.heading');
  showKept($('kept-list'), 'appointment');
}

async function start() {
  credentials = opened('appointment');
  if (!credentials) {
    showFind();
    return;
  }
  if (credentials.answer) {
    draw(credentials.answer, credentials.fresh);
    const { reference, token } = credentials;
    remember('appointment', { reference, token, answer: credentials.answer });
    if (credentials.fresh) return;
  }
  await load();
}

async function load() {
  $('find').hidden = true;
  $('waiting').hidden = appointment !== null;
  try {
    const answer = await request('GET', '');
    alertIn($('notice'), '');
    remember('appointment', { ...credentials, fresh: false, answer });
    draw(answer, false);
  } catch (problem) {
    if ([401, 403, 404].includes(problem.status)) {
      remember('appointment', null);
      $('reference').value = credentials.reference;
      showFind();
      alertIn($('notice'), t('appointment.unknown'));
    } else {
      alertIn($('notice'), problem.message, {
        focus: appointment === null,
        action: h('button', { type: 'button', class: 'button secondary', onclick: () => load() }, t('common.retry')),
      });
    }
  } finally {
    $('waiting').hidden = true;
  }
}

wireFind((secret) => {
  credentials = secret;
  remember('appointment', secret);
  load().then(() => { if (appointment) focusHeading($('heading')); });
});
window.addEventListener('hashchange', () => { if (location.hash.length > 1) start(); });
$('close').addEventListener('click', () => {
  remember('appointment', null);
  $('reference').value = '';
  $('token').value = '';
  alertIn($('notice'), '');
  showFind();
  focusHeading($('heading'));
});

// Showing ------------------------------------------------------------------------------------------------------------

const entry = () => ({ start: appointment.start, service: appointment.service, office: appointment.office.name });

function draw(answer, fresh) {
  appointment = answer;
  const { office } = answer;
  $('find').hidden = true;
  $('ticket').hidden = false;
  $('heading').textContent = t(fresh ? 'appointment.booked' : 'appointment.heading');
  document.title = `${$('heading').textContent} · ${t('site.name')}`;
  $('state').textContent = t(`appointment.state_${answer.status}`);
  $('state').className = `state ${answer.status}`;
  $('when').textContent = showSlot(answer.start, answer.end);
  const map = office.location &&
    `https://uri.amap.com/marker?position=${office.location.lon},${office.location.lat}&name=${encodeURIComponent(office.name)}&coordinate=wgs84`;
  $('facts').replaceChildren(
    ...fact(t('appointment.reference'), h('strong', { class: 'code' }, answer.reference)),
    ...fact(t('appointment.service'), t(`service.${answer.service}`), answer.with_ceremony ? ` · ${t('appointment.ceremony')}` : ''),
    ...fact(t('appointment.office'),
      h('strong', {}, data(office.name)), ...sampleLabel(office), h('br'), data(office.address),
      office.phone ? h('span', {}, h('br'), dial(office.phone)) : null,
      map ? h('span', { class: 'screen' }, h('br'), h('a', { href: map, target: '_blank', rel: 'noopener noreferrer' }, t('appointment.map'))) : null),
    ...fact(t('appointment.people'), ...answer.parties.map((party) =>
      h('span', { class: 'line' }, data(party.name), ` · ${t(`person.${party.id_type}`)} `, h('span', { class: 'code' }, party.id_number)))),
  );
  $('materials').hidden = answer.status !== 'confirmed' || !answer.materials?.length;
  $('materials-list').replaceChildren(...(answer.materials ?? []).map((material) =>
    h('li', {}, h('strong', {}, material.name), material.note ? h('span', {}, material.note) : null)));
  $('materials-sources').textContent = basis(answer.materials ?? []);
  const live = answer.status === 'confirmed';
  const changeable = live && Date.parse(answer.cancel_before) > now();
  $('calendar').hidden = !live;
  $('move').hidden = !changeable;
  $('cancel').hidden = !changeable;
  $('deadline').textContent = !live ? '' : t(changeable ? 'appointment.deadline' : 'appointment.too_late', { when: showDeadline(answer.cancel_before) });
  $('again').hidden = !['cancelled', 'no_show'].includes(answer.status);
  $('again').href = `/marriage?service=${encodeURIComponent(answer.service)}`;
  stopMoving();
  $('secret').hidden = !live && answer.status !== 'checked_in';
  showSecret('appointment', credentials, entry);
  if (!live && kept().some(({ reference }) => reference === answer.reference)) {
    forget(answer.reference);
    $('secret-keep').checked = false;
  }
  if (fresh) {
    focusHeading($('heading'));
    say(t('appointment.booked'));
  }
}

/** What the list of materials rests on. */
function basis(materials) {
  const sources = [...new Set(materials.map((material) => material.source).filter(Boolean))];
  const text = sources.length ? t('appointment.sources', { sources: sources.join(' · ') }) : '';
  return materials.some((material) => material.verified === false) ? `${text} ${t('appointment.unverified')}` : text;
}

// Calendar file, print ------------------------------------------------------------------------------------------------

$('calendar').addEventListener('click', (event) => busy(event.currentTarget, async () => {
  try {
    const text = await request('GET', '/calendar.ics', { accept: 'text/calendar' });
    const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar;charset=utf-8' }));
    const link = h('a', { href: url, download: `${credentials.reference}.ics` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say(t('appointment.calendar_done'));
  } catch (problem) {
    alertIn($('notice'), problem.message);
  }
}));

$('print').addEventListener('click', () => window.print());

// Another time -------------------------------------------------------------------------------------------------------

function stopMoving() {
  $('moving').hidden = true;
  $('move').setAttribute('aria-expanded', 'false');
}

$('move').addEventListener('click', async () => {
  if (!$('moving').hidden) {
    stopMoving();
    return;
  }
  $('moving').hidden = false;
  $('move').setAttribute('aria-expanded', 'true');
  $('moving-heading').focus();
  const select = $('move-office');
  select.replaceChildren(h('option', { value: appointment.office.id }, appointment.office.name));
  picker.show({ office: appointment.office.id, service: appointment.service, day: dayOf(appointment.start) });
  try {
    const list = await offices(appointment.service);
    select.replaceChildren(...list.map((office) => h('option', { value: office.id }, office.name)));
    select.value = appointment.office.id;
  } catch {
    // The present office stays the only choice.
  }
});
$('move-stop').addEventListener('click', () => {
  stopMoving();
  $('move').focus();
});
$('move-office').addEventListener('change', () => picker.show({ office: $('move-office').value, service: appointment.service }));

async function move(slot, button) {
  const select = $('move-office');
  const name = select.selectedOptions[0].textContent;
  $('move-text').textContent = t('appointment.move_text', { office: name, when: showSlot(slot.start, slot.end) });
  if (!(await ask($('move-dialog')))) return;
  await busy(button, async () => {
    try {
      const body = { start: slot.start };
      if (select.value !== appointment.office.id) body.office_id = select.value;
      const answer = await request('PATCH', '', { body });
      remember('appointment', { reference: credentials.reference, token: credentials.token, answer });
      alertIn($('notice'), '');
      draw(answer, false);
      $('heading').textContent = t('appointment.moved');
      focusHeading($('heading'));
    } catch (problem) {
      alertIn($('notice'), problem.message);
      if (problem.status === 409 || problem.status === 422) picker.refresh();
    }
  });
}

// Cancelling ---------------------------------------------------------------------------------------------------------

$('cancel').addEventListener('click', async (event) => {
  const button = event.currentTarget;
  if (!(await ask($('cancel-dialog')))) return;
  await busy(button, async () => {
    try {
      const answer = await request('POST', '/cancel', { key: newKey() });
      const latest = { ...appointment, ...answer };
      remember('appointment', { reference: credentials.reference, token: credentials.token, answer: latest });
      alertIn($('notice'), '');
      draw(latest, false);
      $('heading').textContent = t('appointment.cancelled');
      focusHeading($('heading'));
    } catch (problem) {
      alertIn($('notice'), problem.message);
    }
  });
});

if (recall('appointment') || location.hash.length > 1) $('waiting').hidden = false;
start().finally(() => { $('waiting').hidden = true; });
