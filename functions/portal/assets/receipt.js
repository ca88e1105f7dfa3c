// Checks the number of a receipt, for anyone who holds one.

import './page.js';
import { t } from './words.js';
import { $, alertIn, busy, data, fact, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { clearFaults, explain, missing, showFaults } from './form.js';
import { itemName, showAmount } from './gifts.js';
import { dayOf, showDate } from './time.js';

async function check(number) {
  $('receipt').hidden = true;
  $('waiting').hidden = false;
  history.replaceState(null, '', `/donation/receipt${query({ number })}`);
  try {
    draw(await call('GET', `/donation/receipts/${encodeURIComponent(number)}`));
    $('state').focus();
  } catch (problem) {
    const unknown = problem.status === 404;
    alertIn($('notice'), unknown ? t('receipt.unknown', { number }) : explain(problem), {
      action: unknown ? undefined : h('button', { type: 'submit', class: 'button secondary' }, t('common.retry')),
    });
  } finally {
    $('waiting').hidden = true;
  }
}

function draw({ number, issued_at: issued, point, items, status, note }) {
  $('facts').replaceChildren(
    ...fact(t('receipt.number'), h('strong', { class: 'code' }, number)),
    ...fact(t('receipt.issued'), showDate(dayOf(issued))),
    ...fact(t('receipt.point'), data(point.name), ...sampleLabel(point)),
    ...fact(t('point.operator'), data(point.operator)),
    ...fact(t('receipt.items'), ...items.map(({ item, unit, quantity }) => h('span', { class: 'line' }, `${itemName(item)} ${showAmount(quantity, unit)}`))),
    ...fact(t('receipt.status'), t(`step.${status}`)),
  );
  $('note').replaceChildren(data(note));
  $('receipt').hidden = false;
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const faults = missing($('form'));
  if (faults.length) {
    showFaults($('form'), $('notice'), t('common.incomplete'), faults);
    return;
  }
  clearFaults($('form'), $('notice'));
  busy($('check'), () => check($('number').value.trim()));
});
$('print').addEventListener('click', () => window.print());

const given = new URLSearchParams(location.search).get('number');
if (given) {
  $('number').value = given;
  check(given.trim());
}
