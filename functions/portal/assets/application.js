// One application for a bed: how far ahead in each line, the offer of a bed, what has happened, withdrawing.

import './page.js';
import { t } from './words.js';
import { $, data, fact, h, say } from './dom.js';
import { newKey } from './api.js';
import { districtName, isDistrict } from './places.js';
import { institutionPage, levelName, nameRoom, roomName, showDayOf } from './rooms.js';
import { Ticket } from './ticket.js';
import { countDown, showDeadline, showLeft, showSlot } from './time.js';

/** What one may still withdraw from, and what is worth looking at again. */
const LIVE = ['waiting', 'offered', 'accepted'];
const OVER = ['withdrawn', 'discharged'];

let stopClock = () => {};

const ticket = new Ticket({
  kind: 'application',
  api: '/beds/applications',
  heading: t('application.heading'),
  fresh: t('application.made'),
  unknown: t('application.unknown'),
  draw,
  entry: ({ positions, created_at: at }) => ({ institution: positions[0]?.institution_name ?? '', at }),
  offline: true,
  cleared: () => stopClock(),
});

// Showing ------------------------------------------------------------------------------------------------------------

function draw(answer, before) {
  const { applicant, positions, status } = answer;
  $('state').textContent = t(`bed_status.${status}`);
  $('state').className = `state ${status}`;
  const best = Math.min(...positions.map(({ position }) => position ?? Infinity));
  const ahead = status === 'waiting' && Number.isFinite(best);
  $('when').textContent = ahead ? t('application.best', { position: best }) : '';
  $('facts').replaceChildren(
    ...fact(t('application.reference'), h('strong', { class: 'code' }, answer.reference)),
    ...fact(t('application.preferences'), ...positions.map(drawPosition)),
    ...fact(t('application.applicant'), data(applicant.name), ` · ${applicant.id_number}`, h('span', { class: 'line' }, applicant.phone)),
    ...fact(t('institution.household'), isDistrict(applicant.division_code.slice(0, 6)) ? districtName(applicant.division_code.slice(0, 6)) : applicant.division_code),
    ...fact(t('beds.level'), levelName(applicant.care_level), h('span', { class: 'line hint' }, applicant.assessed_on
      ? t('application.assessed', { day: showDayOf(`${applicant.assessed_on}T12:00:00+08:00`) }) : t('application.not_assessed'))),
  );
  drawOffer(answer.offer, before);
  $('explain').textContent = t(`bed_next.${status}`);
  $('timeline').replaceChildren(...answer.timeline.map((event) => drawEvent(event, answer)));
  const live = LIVE.includes(status);
  $('refresh').hidden = !live;
  $('withdraw').hidden = !live;
  $('again').hidden = !OVER.includes(status);
  if (before && ahead && before.positions.some(({ position }, index) => position !== positions[index]?.position)) say($('when').textContent);
  return !OVER.includes(status);
}

const drawPosition = (one, index) => h('span', { class: 'line' },
  `${index + 1}. `, h('a', { href: institutionPage(one.institution_id) }, nameRoom(one)),
  one.position === null || one.position === undefined ? '' : ` · ${t('waitlist.position', { position: one.position })}`);

function drawOffer(offer, before) {
  stopClock();
  const open = offer?.status === 'open';
  $('offer').hidden = !open;
  if (!open) return;
  for (const id of ['offer-room', 'accept-room']) $(id).replaceChildren(nameRoom(offer));
  $('offer-until').textContent = t('application.offer_until', { when: showDeadline(offer.expires_at) });
  stopClock = countDown(offer.expires_at, (left) => { $('offer-clock').textContent = showLeft(left); }, () => {
    $('offer').hidden = true;
    say(t('waitlist.offer_over'));
    ticket.load({ quiet: true });
  });
  if (before?.offer?.id !== offer.id) say(`${t('application.offer')} ${$('offer-room').textContent}`);
}

function drawEvent({ step, at, by, institution_id: id, room_type: type }, { positions, offers = [] }) {
  const home = [...positions, ...offers].find((one) => one.institution_id === id);
  const where = home ? h('span', { class: 'line' }, data(home.institution_name), type ? ` · ${roomName(type)}` : '') : null;
  return h('li', {},
    h('strong', {}, t(`bed_step.${step}`)),
    h('span', { class: 'line' }, h('time', { datetime: at }, showSlot(at)), by ? ` · ${t(`bed_by.${by}`)}` : ''),
    where);
}

// Changing -----------------------------------------------------------------------------------------------------------

const post = (rest) => ticket.request('POST', rest, { key: newKey() });
const answerOffer = (word) => () => post(`/offers/${encodeURIComponent(ticket.shown.offer.id)}/${word}`);

ticket.wireLast($('accept'), $('accept-dialog'), t('application.accepted'), answerOffer('accept'));
ticket.wireLast($('decline'), $('decline-dialog'), t('application.declined'), answerOffer('decline'));
ticket.wireLast($('withdraw'), $('withdraw-dialog'), t('application.withdrawn'), () => post('/withdraw'));
$('print').addEventListener('click', () => window.print());
ticket.wireRefresh($('refresh'));
ticket.follow(({ status }) => LIVE.includes(status));

ticket.start();
