// The form that applies for a bed: which, for whom.

import { t } from './words.js';
import { $, alertIn, busy, h, say } from './dom.js';
import { Attempt } from './api.js';
import { clearFaults, explain, missing, restore, savedDraft, saveOnSwitch, showFaults } from './form.js';
import { doubtNumber, normal } from './people.js';
import { fillDistricts } from './places.js';
import { clearPreferences, MOST, preferences, prefers, readPreferences, setPreference, showPreferences } from './preferences.js';
import { LEVELS, levelName, roomName, showVacant } from './rooms.js';
import { handOver } from './vault.js';

const form = $('form');
const attempt = new Attempt();

/** Fills the choices of the form, and what the search knew of the applicant. */
export function fillApplicant({ level, household }) {
  fillDistricts($('household'));
  $('level').append(...LEVELS.map((value) => h('option', { value }, levelName(value))));
  $('household').value = household;
  $('level').value = level;
  doubtNumber($('id_number'), $('id_number-doubt'));
}

/** Puts back what was typed before a switch of language. */
export function readyForm() {
  const draft = savedDraft();
  if (draft) restore(form, draft);
}

// Which --------------------------------------------------------------------------------------------------------------

/** A box for each room of this home, and below what is chosen here and elsewhere. */
export function chooseRooms(home) {
  const one = (room) => ({ institution_id: home.id, institution_name: home.name, room_type: room.room_type });
  const look = () => {
    for (const room of home.rooms) $(`room-${room.room_type}`).checked = prefers(one(room));
  };
  const show = () => {
    look();
    showPreferences($('preferences'), look);
  };
  $('choices').replaceChildren(...home.rooms.map((room) => {
    const id = `room-${room.room_type}`;
    const choose = ({ currentTarget: box }) => {
      if (box.checked === prefers(one(room))) return;
      const done = setPreference(one(room), box.checked);
      const name = `${home.name} · ${roomName(room.room_type)}`;
      $('preferences-error').textContent = done ? '' : t('preferences.too_many', { count: MOST });
      say(done ? t(box.checked ? 'preferences.added' : 'preferences.removed', { room: name }) : $('preferences-error').textContent);
      show();
    };
    return h('div', { class: 'check' },
      h('input', { type: 'checkbox', id, 'data-field': true, onchange: choose }),
      h('label', { for: id }, roomName(room.room_type), ' ', h('small', { class: 'hint' }, t('preferences.vacant', { vacant: showVacant(room) }))));
  }));
  show();
  window.addEventListener('storage', show); // chosen in another tab
  window.addEventListener('pageshow', show);
}

// For whom -----------------------------------------------------------------------------------------------------------

const readApplicant = () => ({
  name: normal.name($('name').value),
  id_number: normal.id_number($('id_number').value),
  phone: normal.phone($('phone').value),
  division_code: $('household').value,
  care_level: Number($('level').value),
});

async function send() {
  say(t('common.sending'));
  $('submit').textContent = t('common.sending');
  try {
    const answer = await attempt.post('/beds/applications', { applicant: readApplicant(), preferences: readPreferences() });
    clearPreferences();
    const { token, ...shown } = answer;
    await handOver('application', { reference: answer.reference, token, fresh: true, answer: shown });
  } catch (problem) {
    $('submit').textContent = t('institution.submit');
    refuse(problem);
  }
}

function refuse(problem) {
  if (problem.errors.length) {
    showFaults(form, $('faults'), problem.message, problem.errors);
    return;
  }
  const waiting = problem.code === 'already_waiting';
  alertIn($('faults'), problem.status === 0 ? t('institution.not_sent', { why: problem.message }) : explain(problem), {
    action: waiting ? h('a', { class: 'button secondary', href: '/beds/application' }, t('home.application')) : undefined,
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const none = preferences().length ? [] : [{ pointer: '/preferences', message: t('preferences.none') }];
  const faults = [...none, ...missing(form)];
  if (faults.length) {
    showFaults(form, $('faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults(form, $('faults'));
  busy($('submit'), send);
});
saveOnSwitch(form);
