// The API of every function. Every failure is a `Problem`, also when no answer came.

import { lang, t } from './words.js';
import { learnClock } from './time.js';

const BASE = '/api/v1';
const PATIENCE = 20_000;

/** What went wrong: `status` 0 when no answer came. */
export class Problem extends Error {
  constructor(status, { detail, code, errors, retryAfter } = {}) {
    super(detail || (status === 0 ? t('common.no_network') : t('common.failed')));
    this.status = status;
    this.code = code ?? '';
    this.errors = errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** A key that makes a repeated request harmless. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a local network has no randomUUID.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function once(method, path, { body, token, key, accept = 'application/json' }) {
  const headers = { Accept: `${accept}, application/problem+json`, 'Accept-Language': lang };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers['Idempotency-Key'] = key;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  let response;
  let text;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: abort.signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: method === 'GET' && !token ? 'no-cache' : 'no-store', // what is free changes by the second: always ask
    });
    text = await response.text();
  } catch {
    throw new Problem(0, { detail: navigator.onLine === false ? t('common.offline') : t('common.no_network') });
  } finally {
    clearTimeout(timer);
  }
  learnClock(response.headers.get('Date'));
  const json = (response.headers.get('Content-Type') ?? '').includes('json');
  let data = text;
  if (json) {
    try {
      data = JSON.parse(text);
    } catch {
      throw new Problem(response.ok ? 0 : response.status);
    }
  }
  if (response.ok) return data;
  const retryAfter = Number(response.headers.get('Retry-After')) || undefined;
  throw new Problem(response.status, json ? { ...data, retryAfter } : { retryAfter });
}

/**
 * Calls `/api/v1` + `path`. What can be repeated without harm (a read, or a write under an idempotency key)
 * is tried again while the service is busy, and reads once more after a lost connection.
 */
export async function call(method, path, options = {}) {
  const harmless = method === 'GET' || options.key;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(method, path, options);
    } catch (problem) {
      const running = problem.code === 'idempotency_in_progress';
      const again =
        harmless &&
        attempt < (running ? 6 : 3) &&
        (running || problem.status === 503 || (problem.status === 0 && method === 'GET' && navigator.onLine !== false));
      if (!again) throw problem;
      await wait(Math.min(problem.retryAfter ?? 1, 5) * 1000);
    }
  }
}

/** A query string of what is set. */
export function query(values) {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length ? `?${new URLSearchParams(set)}` : '';
}

/** Requests that create something, one at a time: the same request once more carries the same key, until it is answered. */
export class Attempt {
  constructor() {
    this.what = null;
    this.key = null;
  }

  async post(path, body, { token } = {}) {
    const what = JSON.stringify([path, body, token]);
    if (this.what !== what) Object.assign(this, { what, key: newKey() });
    try {
      const answer = await call('POST', path, { body, token, key: this.key });
      this.what = null;
      return answer;
    } catch (problem) {
      // A refusal settles the request; without an answer it may go out again under the same key.
      if (problem.status >= 400 && problem.status < 500) this.what = null;
      throw problem;
    }
  }
}
