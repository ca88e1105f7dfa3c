// Where a reference and its token are kept: in the tab, and on the device only when its user says so.

const read = (store, name, otherwise) => {
  try {
    return JSON.parse(window[store].getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const write = (store, name, value) => {
  try {
    if (value === null) window[store].removeItem(name);
    else window[store].setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // private mode, or storage is full or switched off
  }
};

/** What this tab remembers under `name`, until it is closed. */
export const recall = (name) => read('sessionStorage', name, null);

/** Remembers `value` in this tab; null forgets it. False when the browser refuses. */
export const remember = (name, value) => write('sessionStorage', name, value);

/** What this device keeps: `{ kind, reference, token, … }`, and what the list of them shows. */
export const kept = () => {
  const list = read('localStorage', 'kept', []);
  return Array.isArray(list) ? list : [];
};

/** Keeps or updates one entry on this device. */
export const keep = (entry) =>
  write('localStorage', 'kept', [...kept().filter(({ reference }) => reference !== entry.reference), entry]);

/** Forgets one entry. */
export const forget = (reference) =>
  write('localStorage', 'kept', kept().filter((entry) => entry.reference !== reference));

/** What this device keeps under `name` that is about nobody, such as a choice; null when there is nothing. */
export const stored = (name) => read('localStorage', name, null);

/** Keeps `value` on this device; null forgets it. False when the browser refuses. */
export const store = (name, value) => write('localStorage', name, value);

/** The page of each kind of thing that has a reference and a token, and the letter that its references begin with. */
const KINDS = {
  appointment: { page: '/marriage/appointment', letter: 'M' },
  waitlist: { page: '/marriage/waitlist', letter: 'W' },
  pledge: { page: '/donation/pledge', letter: 'G' },
  application: { page: '/beds/application', letter: 'P' },
  alert: { page: '/beds/alert', letter: 'A' },
  volunteer: { page: '/volunteer/me', letter: 'V' },
};

/** The kind of thing that `reference` names; undefined where it names none. */
export const kindOf = (reference) =>
  (/^\w{13}$/.test(reference) ? Object.keys(KINDS).find((kind) => KINDS[kind].letter === reference[0].toUpperCase()) : undefined);

/** The secret link to such a thing: its fragment never leaves the browser. */
export const secretLink = (kind, { reference, token }) =>
  `${location.origin}${KINDS[kind].page}#${encodeURIComponent(reference)}.${encodeURIComponent(token)}`;

/** Reads `reference.token` out of a link, a fragment or a pasted code; null when there is none. */
export function parseSecret(text) {
  const code = text.trim().replace(/^.*#/, '');
  const dot = code.indexOf('.');
  if (dot < 1 || dot === code.length - 1) return null;
  try {
    return { reference: decodeURIComponent(code.slice(0, dot)), token: decodeURIComponent(code.slice(dot + 1)) };
  } catch {
    return null;
  }
}

/** The credentials that this page was opened with: from the link (which is then cleaned), or from this tab. */
export function opened(kind) {
  const secret = parseSecret(location.hash);
  if (secret) {
    history.replaceState(null, '', location.pathname);
    const before = recall(kind);
    const known = before && before.reference === secret.reference ? before : secret;
    remember(kind, { ...known, ...secret });
    return { ...known, ...secret };
  }
  return recall(kind);
}

/** Goes to the page of something new, with its credentials in this tab or in the address's fragment. Never ends. */
export function handOver(kind, credentials) {
  location.replace(remember(kind, credentials) ? KINDS[kind].page : secretLink(kind, credentials));
  return new Promise(() => {});
}
