// How many beds each district has, and how many are free.

import { lang, t } from './words.js';
import { $, data, h } from './dom.js';
import { call, query } from './api.js';
import { districtName, isDistrict } from './places.js';
import { showDayOf } from './rooms.js';

const count = (number) => new Intl.NumberFormat(lang).format(number);

const cells = ({ institutions, maximum, available }) => [institutions, maximum, available].map((number) => h('td', {}, count(number)));

const drawDistrict = (district) => {
  const { division_code: code, name } = district;
  const known = isDistrict(code);
  return h('tr', {},
    h('th', { scope: 'row' }, known ? h('a', { href: `/beds${query({ district: code })}` }, districtName(code)) : data(name)),
    ...cells(district));
};

/** Fills the table; the page stands without it. */
export async function showVacancies() {
  try {
    const { items, total } = await call('GET', `/beds/summary${query({ by: 'district' })}`);
    $('summary-rows').replaceChildren(...items.map(drawDistrict));
    $('summary-total').replaceChildren(h('tr', {}, h('th', { scope: 'row' }, t('donation.city')), ...cells(total)));
    const line = (text) => h('span', { class: 'line' }, text);
    $('summary-note').replaceChildren(...[
      total.confirmed_at ? line(t('beds.summary_confirmed', { day: showDayOf(total.confirmed_at) })) : null,
      total.stale_institutions ? line(t('beds.summary_stale', { count: total.stale_institutions })) : null,
    ].filter(Boolean));
  } catch {
    $('summary-note').textContent = t('beds.summary_failed');
  }
}
