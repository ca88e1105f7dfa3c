// A volunteer's certificates: issuing one, and those that there are.

import { t } from './words.js';
import { $, alertIn, busy, h, sampleLabel } from './dom.js';
import { Attempt, query } from './api.js';
import { clearFaults, explain, showFaults } from './form.js';
import { Results } from './results.js';
import { today } from './time.js';
import { certificatePage, showDays, showMinutes } from './volunteering.js';

const form = $('certificate-form');

export class Certificates {
  constructor(ticket) {
    this.ticket = ticket;
    this.attempt = new Attempt();
    this.results = new Results({
      list: $('certificates'),
      none: $('certificates-none'),
      more: $('certificates-more'),
      notice: $('certificates-notice'),
      ask: (cursor) => ticket.request('GET', `/certificates${query({ cursor })}`),
      draw,
      said: (count) => t('mine.shown', { count }),
      empty: t('certificates.none'),
    });
    for (const id of ['certificate-from', 'certificate-to']) $(id).max = today();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      clearFaults(form, $('certificates-notice'));
      busy($('certificate-issue'), () => this.issue());
    });
  }

  load() {
    return this.results.load({ quiet: true });
  }

  async issue() {
    const [from, to] = ['certificate-from', 'certificate-to'].map((id) => $(id).value);
    try {
      const made = await this.attempt.post('/volunteer/certificates', { ...(from && { from }), ...(to && { to }) }, { token: this.ticket.credentials.token });
      await this.load();
      $('certificates-notice').classList.add('good');
      alertIn($('certificates-notice'), t('certificates.issued', { number: made.number }), {
        action: h('a', { class: 'button secondary', href: certificatePage(made.code) }, t('certificates.open')),
      });
    } catch (problem) {
      $('certificates-notice').classList.remove('good');
      if (problem.errors.length) showFaults(form, $('certificates-notice'), problem.message, problem.errors);
      else alertIn($('certificates-notice'), problem.status === 0 ? t('certificates.not_sent', { why: problem.message }) : explain(problem));
    }
  }
}

const draw = (certificate) => h('li', {},
  h('a', { class: 'card', href: certificatePage(certificate.code) },
    h('strong', {}, t('certificates.number', { number: certificate.number }), ...sampleLabel(certificate)),
    h('span', {}, t('certificates.line', {
      days: showDays(certificate.from, certificate.to), time: showMinutes(certificate.total_minutes), status: t(`certificate.${certificate.status}`),
    }))));
