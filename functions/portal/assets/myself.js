// The volunteer whose token this browser has.

import { kept, recall } from './vault.js';

const KIND = 'volunteer';

/** Whom this tab was opened by, else who was kept on this device last: `{ reference, token, name }`; null for nobody. */
export function myself() {
  const open = recall(KIND);
  const entry = open ?? kept().filter(({ kind }) => kind === KIND).at(-1);
  return entry ? { reference: entry.reference, token: entry.token, name: open?.answer?.name ?? entry.name ?? '' } : null;
}

/** The volunteer with this number, if this browser has their token. */
export const holder = (number) =>
  [recall(KIND), ...kept().filter(({ kind }) => kind === KIND)].find((entry) => entry?.reference === number) ?? null;

/** Asks as the volunteer, and once more as nobody when the token no longer opens anything: `{ answer, me }`. */
export async function askAs(me, ask) {
  try {
    return { answer: await ask(me?.token), me };
  } catch (problem) {
    if (!me || problem.status !== 401) throw problem;
    return { answer: await ask(undefined), me: null };
  }
}
