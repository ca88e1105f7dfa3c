// One donation point: where and when, what it takes, and the form that announces a gift.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, dial, fact, h, sampleLabel, say } from './dom.js';
import { Attempt, call } from './api.js';
import { basketFaults, pointBasket, readBasket, showBasket } from './basket.js';
import { clearFaults, explain, missing, restore, savedDraft, saveForm, saveOnSwitch, showFaults } from './form.js';
import { drawItems } from './gifts.js';
import { drawHours, drawOpening } from './hours.js';
import { mapLink } from './places.js';
import { reportButton } from './report.js';
import { dayOf, showDate } from './time.js';
import { handOver } from './vault.js';

const id = new URLSearchParams(location.search).get('id');
const attempt = new Attempt();
const form = $('form');

const ask = () => call('GET', `/donation/points/${encodeURIComponent(id)}`);

// Showing ------------------------------------------------------------------------------------------------------------

async function start() {
  if (!id) {
    location.replace('/donation');
    return;
  }
  alertIn($('notice'), '');
  $('waiting').hidden = false;
  try {
    draw(await ask());
    const draft = savedDraft();
    if (draft) restore(form, draft);
    if (location.hash === '#give') {
      $('give').scrollIntoView();
      $('give').focus({ preventScroll: true });
    }
  } catch (problem) {
    if (problem.status === 404) alertIn($('notice'), t('point.unknown'));
    else alertIn($('notice'), problem.message, { action: h('button', { type: 'button', class: 'button secondary', onclick: () => start() }, t('common.retry')) });
  } finally {
    $('waiting').hidden = true;
  }
}

function draw(point) {
  $('point').hidden = false;
  $('heading').replaceChildren(data(point.name), ...sampleLabel(point));
  document.title = `${point.name} · ${t('site.name')}`;
  $('sample').hidden = !point.sample;
  $('opening').replaceChildren(drawOpening(point));
  $('stale').textContent = point.stale ? t('point.stale_ask') : '';
  $('facts').replaceChildren(
    ...fact(t('point.items'), drawItems(point.items)),
    ...fact(t('point.address'), data(point.address), point.location ? h('span', {}, h('br'), mapLink(point, { class: 'tap' })) : null),
    ...(point.phone ? fact(t('point.call'), dial(point.phone, { class: 'tap' })) : []),
    ...fact(t('point.hours'), ...drawHours(point.hours)),
    ...fact(t('point.operator'), data(point.operator)),
    ...fact(t('point.confirmed'), showDate(dayOf(point.updated_at))),
  );
  $('report-open').replaceChildren(reportButton(point));
  const open = showBasket($('gifts'), point.items);
  form.hidden = !open;
  $('takes-nothing').hidden = open;
}

// Giving -------------------------------------------------------------------------------------------------------------

function adapt() {
  $('donor').hidden = $('anonymous').checked;
}

const readDonor = () => {
  if ($('anonymous').checked) return { anonymous: true };
  const phone = $('phone').value.replace(/[\s-]/g, '');
  return { anonymous: false, name: $('name').value.trim(), ...(phone && { phone }) };
};

async function send() {
  say(t('common.sending'));
  $('submit').textContent = t('common.sending');
  try {
    const answer = await attempt.post('/donation/pledges', { point_id: id, items: readBasket($('gifts')), donor: readDonor() });
    await handOver('pledge', { reference: answer.reference, token: answer.token, fresh: true, answer });
  } catch (problem) {
    $('submit').textContent = t('point.submit');
    await refuse(problem);
  }
}

async function refuse(problem) {
  if (problem.code === 'item_not_accepted') await refresh();
  if (problem.errors.length) showFaults(form, $('faults'), problem.message, problem.errors);
  else alertIn($('faults'), problem.status === 0 ? t('point.not_sent', { why: problem.message }) : explain(problem));
}

/** Shows what the point takes by now; what is typed stays. */
async function refresh() {
  const typed = saveForm(form);
  try {
    draw(await ask());
    restore(form, typed);
    pointBasket($('gifts'));
  } catch {
    // The refusal says enough.
  }
}

$('anonymous').addEventListener('change', adapt);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  pointBasket($('gifts'));
  const faults = [...basketFaults($('gifts')), ...missing(form)];
  if (faults.length) {
    showFaults(form, $('faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults(form, $('faults'));
  busy($('submit'), send);
});
saveOnSwitch(form);

start();
