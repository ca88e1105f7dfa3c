// One place on the waitlist: how far ahead, the offer when a seat comes free, leaving.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, fact, h, sampleLabel, say } from './dom.js';
import { newKey } from './api.js';
import { countDown, showDay, showSeconds, showSlot } from './time.js';
import { forget, handOver, keep, kept, remember } from './vault.js';
import { Ticket } from './ticket.js';

const LIVE = ['waiting', 'offered'];

let acceptKey = null;
let stopClock = () => {};

const ticket = new Ticket({
  kind: 'waitlist',
  api: '/marriage/waitlist',
  heading: t('waitlist.heading'),
  fresh: t('waitlist.joined'),
  unknown: t('waitlist.unknown'),
  draw,
  entry: ({ service, office }) => ({ service, office: office.name }),
  cleared: () => stopClock(),
});

// Showing ------------------------------------------------------------------------------------------------------------

function draw(answer, before) {
  $('state').textContent = t(`waitlist.state_${answer.status}`);
  $('state').className = `state ${answer.status}`;
  const ahead = answer.status === 'waiting' && answer.position !== null;
  $('when').textContent = ahead ? t('waitlist.position', { position: answer.position }) : '';
  $('facts').replaceChildren(
    ...fact(t('waitlist.reference'), h('strong', { class: 'code' }, answer.reference)),
    ...fact(t('appointment.service'), t(`service.${answer.service}`)),
    ...fact(t('appointment.office'), data(answer.office.name), ...sampleLabel(answer.office)),
    ...fact(t('waitlist.days'), answer.from === answer.to ? showDay(answer.from) : t('waitlist.range', { from: showDay(answer.from), to: showDay(answer.to) })),
  );
  const live = LIVE.includes(answer.status);
  $('actions').hidden = !live;
  $('view').hidden = answer.status !== 'accepted';
  $('explain').hidden = answer.status !== 'waiting';
  drawOffer(answer.offer, before);
  if (before && before.position !== answer.position && ahead) say($('when').textContent);
  return live;
}

function drawOffer(offer, before) {
  stopClock();
  $('offer').hidden = !offer;
  if (!offer) return;
  $('offer-when').textContent = showSlot(offer.start, offer.end);
  stopClock = countDown(offer.expires_at, (left) => { $('offer-clock').textContent = showSeconds(left); }, () => {
    $('offer').hidden = true;
    say(t('waitlist.offer_over'));
    ticket.load({ quiet: true });
  });
  if (!before?.offer) say(`${t('waitlist.offer')} ${$('offer-when').textContent}`);
}

// Changing -----------------------------------------------------------------------------------------------------------

// Accepting again answers with the same appointment: so it can be found again when the first answer was lost.
for (const id of ['accept', 'view']) $(id).addEventListener('click', (event) => busy(event.currentTarget, accept));

async function accept() {
  acceptKey ??= newKey();
  const { reference, token } = ticket.credentials;
  try {
    const answer = await ticket.request('POST', '/accept', { key: acceptKey });
    const appointment = { reference: answer.reference, token: answer.token ?? token };
    if (kept().some((entry) => entry.reference === reference)) {
      forget(reference);
      keep({ kind: 'appointment', ...appointment, start: answer.start, service: answer.service, office: answer.office.name });
    }
    remember('waitlist', null);
    await handOver('appointment', { ...appointment, fresh: true, answer });
  } catch (problem) {
    if (problem.status !== 0) acceptKey = null;
    await ticket.load({ quiet: true });
    alertIn($('notice'), problem.message);
  }
}

ticket.wireLast($('leave'), $('leave-dialog'), t('waitlist.heading'), async () => {
  await ticket.request('DELETE', '');
  return { ...ticket.shown, status: 'withdrawn', position: null, offer: null };
});

ticket.wireRefresh($('refresh'));
ticket.follow(({ status }) => LIVE.includes(status));

ticket.start();
