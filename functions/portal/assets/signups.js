// A volunteer's places in shifts: what they are, taking one, giving it back.

import { t } from './words.js';
import { $, ask, busy, h } from './dom.js';
import { Attempt, call } from './api.js';
import { now } from './time.js';
import { showShift } from './volunteering.js';

const attempt = new Attempt();

/** Whether there is a place, or which one on the waitlist. */
export const showPlace = ({ status, position }) =>
  (status === 'waitlisted' && position ? t('signup.waitlisted_at', { position }) : t(`signup_status.${status}`));

/** The same as a label. */
export const placeTag = (signup) => h('span', { class: signup.status === 'confirmed' ? 'tag good' : 'tag' }, showPlace(signup));

/** Whether the volunteer has a place or waits for one. */
export const isLive = ({ status }) => status === 'confirmed' || status === 'waitlisted';

const path = (shift) => `/volunteer/shifts/${encodeURIComponent(shift)}/signups`;

/** Takes a place, or one on the waitlist; `healthy`: that one's health is what is asked for. */
export const signUp = (shift, token, healthy) => attempt.post(path(shift), healthy ? { health_confirmed: true } : {}, { token });

/** The button that gives a place back while the shift is to come, after asking; null where there is nothing to give back. */
export function leaveButton(signup, token, { done, failed }) {
  if (!isLive(signup) || Date.parse(signup.starts_at) <= now()) return null;
  return h('button', {
    type: 'button',
    class: 'button secondary danger',
    'aria-label': t('signup.leave_for', { shift: showShift(signup) }),
    onclick: async ({ currentTarget: button }) => {
      $('leave-shift').textContent = showShift(signup);
      if (!(await ask($('leave-dialog')))) return;
      await busy(button, async () => {
        try {
          await call('DELETE', `${path(signup.shift_id)}/mine`, { token });
        } catch (problem) {
          failed(problem);
          return;
        }
        await done();
      });
    },
  }, t('signup.leave'));
}
