// One gift: how to bring it, where it is by now, its receipt, cancelling.

import './page.js';
import { join, t } from './words.js';
import { $, data, fact, h } from './dom.js';
import { newKey, query } from './api.js';
import { itemName, showAmount, showGifts } from './gifts.js';
import { drawHours } from './hours.js';
import { drawPlace } from './places.js';
import { Ticket } from './ticket.js';
import { showSlot } from './time.js';

const STEPS = ['pledged', 'received', 'sorted', 'dispatched', 'delivered'];

const ticket = new Ticket({
  kind: 'pledge',
  api: '/donation/pledges',
  heading: t('pledge.heading'),
  fresh: t('pledge.made'),
  unknown: t('pledge.unknown'),
  draw,
  entry: ({ point, timeline }) => ({ point: point.name, at: timeline[0].at }),
  offline: true,
});

function draw(answer) {
  const { point, donor, receipt, status } = answer;
  $('state').textContent = t(`step.${status}`);
  $('state').className = `state ${status}`;
  $('facts').replaceChildren(
    ...fact(t('pledge.reference'), h('strong', { class: 'code' }, answer.reference)),
    ...(receipt ? fact(t('pledge.receipt'), h('a', { class: 'code', href: `/donation/receipt${query({ number: receipt.number })}` }, receipt.number)) : []),
    ...fact(t('pledge.gifts'), ...answer.items.map(drawGift)),
    ...fact(t('pledge.donor'), ...(donor.anonymous ? [t('pledge.anonymous')] : [data(donor.name), donor.phone ? ` · ${donor.phone}` : ''])),
    ...fact(t('pledge.point'), ...drawPlace(point)),
  );
  drawNext(answer);
  $('timeline').replaceChildren(...drawTimeline(answer));
  $('cancel').hidden = status !== 'pledged';
  return status !== 'cancelled';
}

const drawGift = ({ item, unit, pledged, note }) =>
  h('span', { class: 'line' }, `${itemName(item)} ${showAmount(pledged, unit)}`, ...(note ? [' · ', data(note)] : []));

function drawNext({ status, point, reference }) {
  $('next').hidden = status !== 'pledged';
  $('next-list').replaceChildren(
    h('li', {}, t('pledge.next_bring'), ...(point.hours ? [h('span', {}, ...drawHours(point.hours))] : [])),
    h('li', {}, t('pledge.next_show', { reference })),
    h('li', {}, t('pledge.next_follow')),
  );
}

/** What has happened, and what is still to come. */
function drawTimeline(answer) {
  const { timeline, status } = answer;
  const reached = STEPS.indexOf(status);
  const coming = status === 'cancelled' ? [] : STEPS.slice(reached + 1);
  return [
    ...timeline.map((event) => drawEvent(event, answer)),
    ...coming.map((step) => h('li', { class: 'coming' }, h('strong', {}, t(`step.${step}`)), h('span', { class: 'line' }, t('pledge.coming')))),
  ];
}

function drawEvent({ step, at, place, items, dispatch }, answer) {
  const destination = step === 'dispatched' ? answer.dispatches.find(({ id }) => id === dispatch)?.destination : undefined;
  const where = place && place !== destination ? [' · ', data(place)] : [];
  return h('li', { class: step === 'cancelled' ? 'cancelled' : 'done' },
    h('strong', {}, t(`step.${step}`)),
    h('span', { class: 'line' }, h('time', { datetime: at }, showSlot(at)), ...where),
    destination ? h('span', { class: 'line' }, t('pledge.to'), ' ', data(destination)) : null,
    items.length ? h('span', { class: 'line' }, showGifts(items)) : null,
    step === 'delivered' ? drawShare(answer.items) : null);
}

/** How much of the gift has arrived where it is used, while that is not yet all. */
function drawShare(items) {
  const part = items.filter(({ delivered, received }) => delivered < received);
  if (!part.length) return null;
  const text = part.map(({ item, unit, delivered, received }) =>
    t('pledge.part', { item: itemName(item), delivered: showAmount(delivered, unit), received: showAmount(received, unit) }));
  return h('span', { class: 'line' }, join(text));
}

$('print').addEventListener('click', () => window.print());

ticket.wireLast($('cancel'), $('cancel-dialog'), t('pledge.cancelled'), async () => {
  const answer = await ticket.request('POST', '/cancel', { key: newKey() });
  return { ...ticket.shown, ...answer };
});

ticket.start();
