// One appointment: what it says, its calendar file, another time, cancelling.

import './page.js';
import { t } from './words.js';
import { $, alertIn, ask, busy, data, fact, h, say } from './dom.js';
import { newKey } from './api.js';
import { offices } from './offices.js';
import { drawPlace } from './places.js';
import { dayOf, now, showDeadline, showSlot } from './time.js';
import { SlotPicker } from './slots.js';
import { Ticket } from './ticket.js';

const picker = new SlotPicker($('slots'), { pick: move });
const ticket = new Ticket({
  kind: 'appointment',
  api: '/marriage/appointments',
  heading: t('appointment.heading'),
  fresh: t('appointment.booked'),
  unknown: t('appointment.unknown'),
  draw,
  entry: ({ start, service, office }) => ({ start, service, office: office.name }),
  offline: true,
});

// Showing ------------------------------------------------------------------------------------------------------------

function draw(answer) {
  $('state').textContent = t(`appointment.state_${answer.status}`);
  $('state').className = `state ${answer.status}`;
  $('when').textContent = showSlot(answer.start, answer.end);
  $('facts').replaceChildren(
    ...fact(t('appointment.reference'), h('strong', { class: 'code' }, answer.reference)),
    ...fact(t('appointment.service'), t(`service.${answer.service}`), answer.with_ceremony ? ` · ${t('appointment.ceremony')}` : ''),
    ...fact(t('appointment.office'), ...drawPlace(answer.office)),
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
  return live || answer.status === 'checked_in';
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
    const text = await ticket.request('GET', '/calendar.ics', { accept: 'text/calendar' });
    const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar;charset=utf-8' }));
    const link = h('a', { href: url, download: `${ticket.shown.reference}.ics` });
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
  const { shown } = ticket;
  const select = $('move-office');
  select.replaceChildren(h('option', { value: shown.office.id }, shown.office.name));
  picker.show({ office: shown.office.id, service: shown.service, day: dayOf(shown.start) });
  try {
    const list = await offices(shown.service);
    select.replaceChildren(...list.map((office) => h('option', { value: office.id }, office.name)));
    select.value = shown.office.id;
  } catch {
    // The present office stays the only choice.
  }
});
$('move-stop').addEventListener('click', () => {
  stopMoving();
  $('move').focus();
});
$('move-office').addEventListener('change', () => picker.show({ office: $('move-office').value, service: ticket.shown.service }));

async function move(slot, button) {
  const select = $('move-office');
  const name = select.selectedOptions[0].textContent;
  $('move-text').textContent = t('appointment.move_text', { office: name, when: showSlot(slot.start, slot.end) });
  if (!(await ask($('move-dialog')))) return;
  await busy(button, async () => {
    try {
      const body = { start: slot.start };
      if (select.value !== ticket.shown.office.id) body.office_id = select.value;
      ticket.changed(await ticket.request('PATCH', '', { body }), t('appointment.moved'));
    } catch (problem) {
      alertIn($('notice'), problem.message);
      if (problem.status === 409 || problem.status === 422) picker.refresh();
    }
  });
}

// Cancelling ---------------------------------------------------------------------------------------------------------

ticket.wireLast($('cancel'), $('cancel-dialog'), t('appointment.cancelled'), async () => {
  const answer = await ticket.request('POST', '/cancel', { key: newKey() });
  return { ...ticket.shown, ...answer };
});

ticket.start();
