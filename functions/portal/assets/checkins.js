// Codes of check-ins and check-outs that couldn't be sent: kept on this device, with when they were entered, until they are.

import { call } from './api.js';
import { store, stored } from './vault.js';

const NAME = 'check_ins';

let here = null; // what waits, where the browser keeps nothing
let sending = false;

function all() {
  const list = here ?? stored(NAME);
  return Array.isArray(list) ? list : [];
}

function change(list) {
  here = store(NAME, list.length ? list : null) ? null : list;
}

/** Sends one: the record's entry as it is then. */
export const sendCode = ({ shift, what, code, scanned_at }, token) =>
  call('POST', `/volunteer/shifts/${encodeURIComponent(shift)}/${what === 'check_in' ? 'check-in' : 'check-out'}`, { body: { code, ...(scanned_at && { scanned_at }) }, token });

/** What waits of a volunteer, in the order in which it happened. */
export const waiting = (volunteer) => all().filter((one) => one.volunteer === volunteer);

/** Keeps `{ volunteer, shift, title, what, code, scanned_at }` until it is sent. */
export const hold = (one) => change([...all(), one]);

/** Whether a refusal may pass by itself. */
const passes = ({ status }) => status === 0 || status === 429 || status >= 500;

/**
 * Sends what waits, in its order, for a check-out needs its check-in; `told(one, problem)` hears of each that is settled,
 * with the refusal where there was one.
 */
export async function deliver({ reference, token }, told) {
  if (sending) return;
  sending = true;
  try {
    for (const one of waiting(reference)) {
      let refusal = null;
      try {
        await sendCode(one, token);
      } catch (problem) {
        if (passes(problem)) return;
        refusal = problem;
      }
      change(all().filter((other) => JSON.stringify(other) !== JSON.stringify(one)));
      told(one, refusal);
    }
  } finally {
    sending = false;
  }
}
