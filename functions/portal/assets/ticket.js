// The frame of a page about one thing that is opened by its reference and token: finding it, asking for it, showing it,
// keeping it, leaving it.

import { t } from './words.js';
import { $, alertIn, ask, busy, focusHeading, h, say } from './dom.js';
import { call } from './api.js';
import { wireFind } from './find.js';
import { showKept } from './kept.js';
import { showSecret } from './secret.js';
import { forget, handOver, kept, kindOf, opened, remember } from './vault.js';

const ASK_EVERY = 60_000;

/**
 * `kind` is its name in the vault, `api` the path of its collection; `heading`, `fresh` and `unknown` are texts: the
 * page's heading, what it says of something just made, and what when there is no such thing. `draw(answer, before)`
 * fills the page and returns whether the thing is worth keeping; `entry(answer)` is what the list of kept things shows
 * of it. With `offline` the tab remembers the answer, so that it can be shown where there is no connection. Where the
 * token alone opens it, at `api` itself, `named(answer)` is its reference.
 */
export class Ticket {
  constructor({ kind, api, heading, fresh, unknown, draw, entry, named, offline = false, cleared = () => {} }) {
    Object.assign(this, { kind, api, heading, fresh, unknown, draw, entry, named, offline, cleared });
    this.credentials = null; // { reference, token }
    this.shown = null; // the answer on the page
    wireFind((secret) => {
      const other = kindOf(secret.reference);
      if (other && other !== kind) {
        handOver(other, secret); // it has a page of its own
        return;
      }
      this.credentials = secret;
      remember(kind, secret);
      this.load().then(() => { if (this.shown) focusHeading($('heading')); });
    });
    window.addEventListener('hashchange', () => { if (location.hash.length > 1) this.start(); });
    $('close').addEventListener('click', () => {
      remember(kind, null);
      $('reference').value = '';
      $('token').value = '';
      alertIn($('notice'), '');
      this.find();
      focusHeading($('heading'));
    });
  }

  /** Opens what the link or the tab names, or asks for it. */
  async start() {
    this.shown = null;
    this.credentials = opened(this.kind);
    if (!this.credentials) {
      this.find();
      return;
    }
    const { fresh, answer } = this.credentials;
    if (answer) {
      this.show(answer, fresh);
      this.remember();
      if (fresh) return;
    }
    await this.load();
  }

  find() {
    this.credentials = null;
    this.shown = null;
    this.cleared();
    $('ticket').hidden = true;
    $('find').hidden = false;
    this.headed(this.heading);
    showKept($('kept-list'), this.kind);
  }

  /** Asks for it; `quiet` leaves the page alone when that fails. */
  async load({ quiet = false } = {}) {
    $('find').hidden = true;
    $('waiting').hidden = this.shown !== null;
    const { credentials } = this;
    try {
      const answer = await this.request('GET', '');
      if (this.credentials !== credentials) return; // closed meanwhile, or shown already
      if (!quiet) alertIn($('notice'), '');
      if (this.named) credentials.reference = this.named(answer); // whatever was typed
      this.show(answer, credentials.fresh);
      this.remember();
    } catch (problem) {
      if (!quiet && this.credentials) this.fail(problem);
    } finally {
      $('waiting').hidden = true;
    }
  }

  fail(problem) {
    if ([401, 403, 404].includes(problem.status)) {
      remember(this.kind, null);
      $('reference').value = this.credentials.reference;
      this.find();
      alertIn($('notice'), this.unknown);
      return;
    }
    alertIn($('notice'), problem.message, {
      focus: this.shown === null,
      action: h('button', { type: 'button', class: 'button secondary', onclick: () => this.load() }, t('common.retry')),
    });
  }

  request(method, rest, options) {
    const { reference, token } = this.credentials;
    return call(method, `${this.api}${this.named ? '' : `/${encodeURIComponent(reference)}`}${rest}`, { token, ...options });
  }

  show(answer, fresh = false) {
    const before = this.shown;
    this.shown = answer;
    $('find').hidden = true;
    $('ticket').hidden = false;
    this.headed(fresh ? this.fresh : this.heading);
    const worth = this.draw(answer, before);
    $('secret').hidden = !worth;
    showSecret(this.kind, this.credentials, () => this.entry(this.shown));
    const { reference: own } = this.credentials;
    if (!worth && kept().some(({ reference }) => reference === own)) {
      forget(own);
      $('secret-keep').checked = false;
    }
    if (fresh) focusHeading($('heading'));
  }

  headed(text) {
    $('heading').textContent = text;
    document.title = `${text} · ${t('site.name')}`;
  }

  remember() {
    const { reference, token } = this.credentials;
    this.credentials = { reference, token };
    remember(this.kind, this.offline ? { reference, token, answer: this.shown } : this.credentials);
  }

  /** Shows it as it is after a change, under a heading that says what happened. */
  changed(answer, heading = this.heading) {
    alertIn($('notice'), '');
    this.show(answer);
    this.remember();
    this.headed(heading);
    focusHeading($('heading'));
  }

  /** Makes `button` do something for good, once `dialog` has said yes: `work` resolves to what is then shown. */
  wireLast(button, dialog, heading, work) {
    button.addEventListener('click', async () => {
      if (!(await ask(dialog))) return;
      await busy(button, async () => {
        try {
          this.changed(await work(), heading);
        } catch (problem) {
          if (problem.status === 409) await this.load({ quiet: true }); // it is no longer what the page shows
          alertIn($('notice'), problem.message);
        }
      });
    });
  }

  /** Makes `button` delete it, once `dialog` has said yes: nothing of it stays in this browser either. */
  wireDelete(button, dialog, text) {
    button.addEventListener('click', async () => {
      if (!(await ask(dialog))) return;
      await busy(button, async () => {
        try {
          await this.request('DELETE', '');
          forget(this.credentials.reference);
          remember(this.kind, null);
          $('reference').value = '';
          $('token').value = '';
          this.find();
          alertIn($('notice'), text, { focus: false });
          focusHeading($('heading'));
        } catch (problem) {
          alertIn($('notice'), problem.message);
        }
      });
    });
  }

  /** Asks again every minute and whenever the page comes back into sight, while `live(shown)`. */
  follow(live) {
    const look = () => {
      if (document.visibilityState === 'visible' && this.shown && live(this.shown)) this.load({ quiet: true });
    };
    setInterval(look, ASK_EVERY);
    document.addEventListener('visibilitychange', look);
  }

  /** Makes `button` ask again now. */
  wireRefresh(button) {
    button.addEventListener('click', () => busy(button, async () => {
      await this.load();
      say(t('waitlist.refreshed'));
    }));
  }
}
