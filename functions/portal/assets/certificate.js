// A certificate of volunteer service: what it says and whether it holds, for whoever has its code; to print.

import './page.js';
import { lang, t } from './words.js';
import { $, alertIn, busy, data, fact, h } from './dom.js';
import { call, query } from './api.js';
import { clearFaults, explain, missing, showFaults } from './form.js';
import { holder } from './myself.js';
import { showSources } from './sources.js';
import { showDate } from './time.js';
import { certificatePage, fieldName, showDays, showMinutes } from './volunteering.js';

async function check(code) {
  $('certificate').hidden = true;
  $('waiting').hidden = false;
  history.replaceState(null, '', `/volunteer/certificate${query({ code })}`);
  try {
    draw(await read(code));
    $('title').focus();
  } catch (problem) {
    const unknown = problem.status === 404;
    alertIn($('notice'), unknown ? t('certificate.unknown', { code }) : explain(problem), {
      action: unknown ? undefined : h('button', { type: 'submit', class: 'button secondary' }, t('common.retry')),
    });
  } finally {
    $('waiting').hidden = true;
  }
}

/** The certificate; with the whole name where this browser has its holder's token. */
async function read(code) {
  const path = `/volunteer/certificates/${encodeURIComponent(code)}`;
  const certificate = await call('GET', path);
  const own = holder(certificate.volunteer_no);
  return own ? { ...(await call('GET', path, { token: own.token })), own: true } : certificate;
}

function draw(certificate) {
  const { code, number, status, name, from, to, services, jws, own = false } = certificate;
  document.title = `${t('certificate.title')} ${number} · ${t('site.name')}`; // the name of a printed file
  $('state').textContent = t(`certificate.${status}`);
  $('state').className = status === 'revoked' ? 'state withdrawn' : 'state';
  $('sample').hidden = !certificate.sample;
  $('revoked').hidden = status !== 'revoked';
  if (status === 'revoked') $('revoked').textContent = t('certificate.revoked_on', { day: showDate(certificate.revoked_on), reason: t(`revocation.${certificate.revoked_reason}`) });
  const [first, second] = lang === 'en' ? ['en', 'zh'] : ['zh', 'en'];
  const statement = (language) => h('span', { lang: language === 'zh' ? 'zh-CN' : 'en' }, certificate[`statement_${language}`]);
  $('statement').replaceChildren(statement(first));
  $('statement-other').replaceChildren(statement(second));
  $('facts').replaceChildren(
    ...fact(t('certificate.number'), h('strong', { class: 'code' }, number)),
    ...fact(t('person.name'), name ? data(name) : t('certificate.no_name')),
    ...fact(t('mine.number'), h('span', { class: 'code' }, certificate.volunteer_no)),
    ...fact(t('certificate.span'), showDays(from, to)),
    ...fact(t('certificate.issued_on'), showDate(certificate.issued_on)),
    ...fact(t('certificate.code'), h('span', { class: 'code' }, code)),
  );
  $('services').replaceChildren(...services.map(drawService));
  const times = services.reduce((sum, one) => sum + one.times, 0);
  $('total').replaceChildren(h('tr', {},
    h('th', { scope: 'row' }, t('certificate.total')), h('td', {}, String(times)), h('td', {}, h('b', {}, showMinutes(certificate.total_minutes)))));
  $('free').textContent = certificate.fee_fen === 0 ? t('certificate.free') : '';
  $('basis').textContent = showSources(certificate.basis);
  $('where').textContent = t('certificate.where', { address: `${location.origin}${certificatePage(code)}` });
  $('privacy').hidden = !name;
  $('privacy').textContent = t(own ? 'certificate.privacy_own' : 'certificate.privacy');
  $('keys').href = certificate.keys_url;
  $('jws').value = jws;
  $('certificate').hidden = false;
}

const drawService = ({ organisation_name: organisation, service, field, first_on: first, last_on: last, times, minutes }) => h('tr', {},
  h('th', { scope: 'row' }, data(service), h('span', { class: 'line hint' }, data(organisation), ` · ${fieldName(field)}`), h('span', { class: 'line hint' }, showDays(first, last))),
  h('td', {}, String(times)),
  h('td', {}, showMinutes(minutes)));

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const faults = missing($('form'));
  if (faults.length) {
    showFaults($('form'), $('notice'), t('common.incomplete'), faults);
    return;
  }
  clearFaults($('form'), $('notice'));
  busy($('check'), () => check($('code').value.trim().toUpperCase()));
});
$('print').addEventListener('click', () => window.print());
$('jws').addEventListener('focus', (event) => event.currentTarget.select());

const given = new URLSearchParams(location.search).get('code');
if (given) {
  $('code').value = given;
  check(given.trim());
}
