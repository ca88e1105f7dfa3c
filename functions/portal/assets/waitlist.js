// One place on the waitlist: how far ahead, the offer when a seat comes free, leaving.

import './page.js';
import { t } from './words.js';
import { $, alertIn, ask, busy, data, fact, focusHeading, h, sampleLabel, say } from './dom.js';
import { call, newKey } from './api.js';
import { countDown, showDay, showSeconds, showSlot } from './time.js';
import { forget, keep, kept, opened, remember, secretLink } from './vault.js';
import { showKept } from './kept.js';
import { showSecret } from './secret.js';
import { wireFind } from './find.js';

const ASK_EVERY = 60_000;

let credentials = null;
let place = null;
let acceptKey = null;
let stopClock = () => {};

const path = (rest = '') => `/waitlist/${encodeURIComponent(credentials.reference)}${rest}`;
const request = (method, rest, options) => call(method, path(rest), { token: credentials.token, ...options });

// Opening ------------------------------------------------------------------------------------------------------------

function showFind() {
  credentials = null;
  place = null;
  stopClock();
  $('place').hidden = true;
  $('find').hidden = false;
  $('heading').textContent = t('waitlist.heading');
  showKept($('kept-list'), 'waitlist');
}

async function start() {
  credentials = opened('waitlist');
  if (!credentials) {
    showFind();
    return;
  }
  await load();
  if (credentials?.fresh && place) {
    remember('waitlist', { reference: credentials.reference, token: credentials.token });
    $('heading').textContent = t('waitlist.joined');
    focusHeading($('heading'));
  }
}

/** Asks for the state; `quiet` leaves the page alone when that fails. */
async function load({ quiet = false } = {}) {
  $('find').hidden = true;
  $('waiting').hidden = place !== null;
  try {
    const answer = await request('GET', '');
    if (!quiet) alertIn($('notice'), '');
    draw(answer);
  } catch (problem) {
    if (quiet) return;
    if ([401, 403, 404].includes(problem.status)) {
      remember('waitlist', null);
      $('reference').value = credentials.reference;
      showFind();
      alertIn($('notice'), t('waitlist.unknown'));
    } else {
      alertIn($('notice'), problem.message, {
        action: h('button', { type: 'button', class: 'button secondary', onclick: () => load() }, t('common.retry')),
      });
    }
  } finally {
    $('waiting').hidden = true;
  }
}

wireFind((secret) => {
  credentials = secret;
  remember('waitlist', secret);
  load().then(() => { if (place) focusHeading($('heading')); });
});
window.addEventListener('hashchange', () => { if (location.hash.length > 1) start(); });
$('close').addEventListener('click', () => {
  remember('waitlist', null);
  $('reference').value = '';
  $('token').value = '';
  alertIn($('notice'), '');
  showFind();
  focusHeading($('heading'));
});

// Showing ------------------------------------------------------------------------------------------------------------

const LIVE = ['waiting', 'offered'];
const entry = () => ({ service: place.service, office: place.office.name });

function draw(answer) {
  const before = place;
  place = answer;
  $('find').hidden = true;
  $('place').hidden = false;
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
  $('secret').hidden = !live;
  showSecret('waitlist', credentials, entry);
  if (!live && kept().some(({ reference }) => reference === answer.reference)) {
    forget(answer.reference);
    $('secret-keep').checked = false;
  }
  if (before && before.position !== answer.position && ahead) say($('when').textContent);
}

function drawOffer(offer, before) {
  stopClock();
  $('offer').hidden = !offer;
  if (!offer) return;
  $('offer-when').textContent = showSlot(offer.start, offer.end);
  stopClock = countDown(offer.expires_at, (left) => { $('offer-clock').textContent = showSeconds(left); }, () => {
    $('offer').hidden = true;
    say(t('waitlist.offer_over'));
    load({ quiet: true });
  });
  if (!before?.offer) say(`${t('waitlist.offer')} ${$('offer-when').textContent}`);
}

// Changing -----------------------------------------------------------------------------------------------------------

// Accepting again answers with the same appointment: so it can be found again when the first answer was lost.
for (const id of ['accept', 'view']) $(id).addEventListener('click', (event) => busy(event.currentTarget, accept));

async function accept() {
  acceptKey ??= newKey();
  try {
    const answer = await request('POST', '/accept', { key: acceptKey });
    const appointment = { reference: answer.reference, token: answer.token ?? credentials.token, fresh: true, answer };
    if (kept().some(({ reference }) => reference === credentials.reference)) {
      forget(credentials.reference);
      const { reference, token } = appointment;
      keep({ kind: 'appointment', reference, token, start: answer.start, service: answer.service, office: answer.office.name });
    }
    remember('waitlist', null);
    location.replace(remember('appointment', appointment) ? '/marriage/appointment' : secretLink('appointment', appointment));
  } catch (problem) {
    if (problem.status !== 0) acceptKey = null;
    await load({ quiet: true });
    alertIn($('notice'), problem.message);
  }
}

$('leave').addEventListener('click', async (event) => {
  const button = event.currentTarget;
  if (!(await ask($('leave-dialog')))) return;
  await busy(button, async () => {
    try {
      await request('DELETE', '');
      draw({ ...place, status: 'withdrawn', position: null, offer: null });
      focusHeading($('heading'));
    } catch (problem) {
      alertIn($('notice'), problem.message);
    }
  });
});

$('refresh').addEventListener('click', (event) => busy(event.currentTarget, async () => {
  await load();
  say(t('waitlist.refreshed'));
}));

const follow = () => {
  if (document.visibilityState === 'visible' && place && LIVE.includes(place.status)) load({ quiet: true });
};
setInterval(follow, ASK_EVERY);
document.addEventListener('visibilitychange', follow);

start();
