// A list that is asked for page by page: what fits best first, more of it, and what to say when there is none.

import { t } from './words.js';
import { alertIn, busy, h, say } from './dom.js';
import { wireNear } from './places.js';

/**
 * `list`, `none`, `more` and `notice` are the elements of the page. `ask(cursor, near)` resolves to a page of the API's,
 * `draw(item)` makes an item of the list, `arrived(items)` hears of each page, `said(count, more)` and `empty` are what
 * screen readers hear. `refuse(problem)` may show a refusal where it belongs, and then returns true.
 */
export class Results {
  constructor({ arrived = () => {}, refuse = () => false, ...parts }) {
    Object.assign(this, parts, { arrived, refuse });
    this.near = null; // the visitor's position, once it is given
    this.cursor = null;
    this.turn = 0;
    this.more.addEventListener('click', (event) => busy(event.currentTarget, () => this.loadMore()));
  }

  page(cursor) {
    return this.ask(cursor, this.near ? `${this.near.lat},${this.near.lon}` : undefined);
  }

  /** Shows the first page; `quiet` where it is one list of several, of which screen readers don't hear each. */
  async load({ quiet = false } = {}) {
    const mine = (this.turn += 1);
    this.list.setAttribute('aria-busy', 'true');
    alertIn(this.notice, '');
    try {
      const page = await this.page();
      if (mine !== this.turn) return;
      this.list.replaceChildren();
      this.append(page);
      if (!quiet) say(page.items.length ? this.count() : this.empty);
    } catch (problem) {
      if (mine !== this.turn) return;
      if (problem.code === 'outside_city' && this.near) throw problem;
      this.list.replaceChildren();
      this.none.hidden = true;
      this.more.hidden = true;
      if (!this.refuse(problem)) this.fail(problem);
    } finally {
      if (mine === this.turn) this.list.removeAttribute('aria-busy');
    }
  }

  fail(problem) {
    alertIn(this.notice, problem.message, {
      focus: false,
      action: h('button', { type: 'button', class: 'button secondary', onclick: () => this.load() }, t('common.retry')),
    });
  }

  async loadMore() {
    const mine = this.turn;
    alertIn(this.notice, '');
    try {
      const page = await this.page(this.cursor);
      if (mine !== this.turn) return;
      const [first] = this.append(page);
      first?.querySelector('a').focus();
      say(this.count());
    } catch (problem) {
      alertIn(this.notice, problem.message);
    }
  }

  append({ items, next_cursor: next }) {
    this.cursor = next;
    const drawn = items.map(this.draw);
    this.list.append(...drawn);
    this.none.hidden = this.list.children.length > 0;
    this.more.hidden = !next;
    this.arrived(items);
    return drawn;
  }

  count() {
    return this.said(this.list.children.length, this.cursor);
  }

  /** Makes `button` ask for the visitor's position, and list what is nearest first; `failed` says that there is none. */
  wireNear(button, hint, failed) {
    wireNear(button, hint, failed, async (here) => {
      this.near = here;
      try {
        await this.load();
        return t('near.done');
      } catch (problem) {
        this.near = null;
        await this.load();
        return problem.message;
      }
    });
  }
}
