// The marriage registration offices.

import { call, query } from './api.js';

/** Every office that offers `service`, nearest first when `near` is a position. */
export async function offices(service, near) {
  const found = [];
  let cursor;
  do {
    const position = near && `${near.lat},${near.lon}`;
    const page = await call('GET', `/marriage/offices${query({ near: position, limit: 100, cursor })}`);
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return service ? found.filter((office) => !office.services || office.services.includes(service)) : found;
}
