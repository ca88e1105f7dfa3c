// "Something is wrong here": the dialog in which anyone corrects what is said of a donation point.

import { t } from './words.js';
import { $, alertIn, busy, data, h } from './dom.js';
import { Attempt } from './api.js';
import { clearFaults, explain, missing, showFaults } from './form.js';

const attempt = new Attempt();
let point = null;

/** The button that opens the dialog for a point. */
export const reportButton = (about, attributes = {}) =>
  h('button', { type: 'button', class: 'button link', 'aria-label': t('report.open_for', { point: about.name }), ...attributes, onclick: () => open(about) }, t('report.open'));

function open(about) {
  if (about.id !== point?.id) $('report-form').reset();
  point = about;
  $('report-point').replaceChildren(data(about.name));
  clearFaults($('report-form'), $('report-faults'));
  adapt();
  $('report-form').hidden = false;
  $('report-done').hidden = true;
  $('report').showModal();
  $('report-kind').focus();
}

/** What is wrong must be told where no kind tells it. */
function adapt() {
  $('report-note').required = $('report-kind').value === 'other';
}

async function send() {
  const note = $('report-note').value.trim();
  const body = { kind: $('report-kind').value, ...(note && { note }) };
  try {
    await attempt.post(`/donation/points/${encodeURIComponent(point.id)}/reports`, body);
    $('report-form').reset();
    $('report-form').hidden = true;
    $('report-done').hidden = false;
    $('report-heading').focus();
  } catch (problem) {
    if (problem.errors.length) showFaults($('report-form'), $('report-faults'), problem.message, problem.errors);
    else alertIn($('report-faults'), explain(problem));
  }
}

$('report-kind').addEventListener('change', adapt);
for (const id of ['report-close', 'report-done-close']) $(id).addEventListener('click', () => $('report').close());
$('report-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const faults = missing($('report-form'));
  if (faults.length) {
    showFaults($('report-form'), $('report-faults'), t('common.incomplete'), faults);
    return;
  }
  clearFaults($('report-form'), $('report-faults'));
  busy($('report-send'), send);
});
