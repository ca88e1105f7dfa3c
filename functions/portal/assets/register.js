// Registering as a volunteer, once a person; a minor with a guardian who consents.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, h, say } from './dom.js';
import { Attempt } from './api.js';
import { fillAbilities, readAbilities } from './abilities.js';
import { clearFaults, explain, missing, restore, savedDraft, saveOnSwitch, showFaults } from './form.js';
import { ageOn } from './identity.js';
import { myself } from './myself.js';
import { doubtNumber, normal } from './people.js';
import { today } from './time.js';
import { handOver, remember } from './vault.js';
import { opportunityPage } from './volunteering.js';

/** Civil Code art. 17; the server's dated rules decide. */
const GROWN = 18;
const RELATIONS = ['parent', 'grandparent', 'sibling', 'other'];

const form = $('form');
const attempt = new Attempt();
const opportunity = new URLSearchParams(location.search).get('opportunity');
let asked = null; // the number of whom the server asked for a guardian

// Guardian -----------------------------------------------------------------------------------------------------------

function adapt() {
  const number = normal.id_number($('id_number').value);
  const age = ageOn(number, today());
  const hidden = (age === null || age >= GROWN) && number !== asked;
  if ($('guardian').hidden === hidden) return;
  $('guardian').hidden = hidden;
  if (!hidden) say(t('register.guardian_hint'));
}

const readGuardian = () => ($('guardian').hidden ? {} : {
  guardian: {
    name: normal.name($('guardian-name').value),
    phone: normal.phone($('guardian-phone').value),
    relation: $('relation').value,
    consent: $('guardian-consent').checked,
  },
});

// Sending ------------------------------------------------------------------------------------------------------------

const readForm = () => ({
  name: normal.name($('name').value),
  id_number: normal.id_number($('id_number').value),
  phone: normal.phone($('phone').value),
  ...readAbilities(),
  ...readGuardian(),
  consent: $('consent').checked,
});

async function send() {
  say(t('common.sending'));
  $('submit').textContent = t('common.sending');
  try {
    const { token, ...answer } = await attempt.post('/volunteer/volunteers', readForm());
    remember('volunteer_next', opportunity);
    await handOver('volunteer', { reference: answer.volunteer_no, token, fresh: true, answer });
  } catch (problem) {
    $('submit').textContent = t('register.submit');
    refuse(problem);
  }
}

function refuse(problem) {
  if (problem.errors.some(({ code }) => code === 'guardian_required')) {
    asked = normal.id_number($('id_number').value);
    adapt();
  }
  if (problem.errors.length) {
    showFaults(form, $('faults'), problem.message, problem.errors);
    return;
  }
  const known = problem.code === 'already_registered';
  alertIn($('faults'), problem.status === 0 ? t('register.not_sent', { why: problem.message }) : explain(problem), {
    action: known ? h('a', { class: 'button secondary', href: '/volunteer/me' }, t('home.mine')) : undefined,
  });
}

// --------------------------------------------------------------------------------------------------------------------

fillAbilities();
$('relation').append(...RELATIONS.map((value) => h('option', { value }, t(`relation.${value}`))));
doubtNumber($('id_number'), $('id_number-doubt'));
for (const event of ['input', 'change']) $('id_number').addEventListener(event, adapt);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  adapt();
  const faults = missing(form);
  if (faults.length) {
    showFaults(form, $('faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults(form, $('faults'));
  busy($('submit'), send);
});
saveOnSwitch(form);
const draft = savedDraft();
if (draft) restore(form, draft);
if (opportunity) $('back').href = opportunityPage(opportunity);
const me = myself();
$('known').hidden = !me;
if (me) $('known').replaceChildren(t('register.known', { name: me.name || me.reference }), ' ', h('a', { class: 'tap', href: '/volunteer/me' }, t('home.mine')));
