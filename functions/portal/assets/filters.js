// The filters of a search: a form whose choices the address holds, so that a search can be shared and gone back to.

import { $ } from './dom.js';
import { query } from './api.js';

export class Filters {
  /**
   * `page` is the path of the search, `names` are the fields of the form `filters`, each with its name as its id. `read`
   * makes of an address's query what is wanted, without what makes no sense; `changed(wanted)` hears of it. What is not
   * one field is filled in by `fill(wanted)` and read by `pick()`. While `right()` says no, nothing is looked for.
   */
  constructor({ page, names, read, changed, fill = () => {}, pick = () => ({}), right = () => true }) {
    Object.assign(this, { page, names, read, changed, fill, pick, right });
    this.wanted = read('');
    for (const name of names) $(name).addEventListener('change', () => this.apply());
    $('q').addEventListener('search', () => this.apply());
    $('filters').addEventListener('submit', (event) => {
      event.preventDefault();
      this.apply();
    });
    $('clear').addEventListener('click', () => {
      $('filters').reset();
      this.apply();
      $('results-heading').focus();
    });
    // Who asks for what is near wants it in that order.
    if (names.includes('sort')) $('near').addEventListener('click', () => {
      $('sort').value = '';
      this.apply();
    });
    window.addEventListener('popstate', () => this.start());
  }

  /** Takes what the address asks for over into the form, and looks for it. */
  start() {
    this.wanted = this.read(location.search);
    for (const name of this.names) {
      if ($(name).type === 'checkbox') $(name).checked = this.wanted[name] === '1';
      else $(name).value = this.wanted[name];
    }
    this.fill(this.wanted);
    return this.changed(this.wanted);
  }

  /** Takes the form's choices over into the address, and looks again. */
  apply() {
    if (!this.right()) return;
    const value = (field) => (field.type === 'checkbox' ? field.checked && '1' : field.value.trim()) || '';
    const typed = Object.fromEntries(this.names.map((name) => [name, value($(name))]));
    const chosen = this.read(query({ ...typed, ...this.pick() }));
    if (query(chosen) === query(this.wanted)) return;
    this.wanted = chosen;
    history.pushState(null, '', `${this.page}${query(chosen)}`);
    this.changed(chosen);
  }
}

/** What makes of an address's query what is wanted: `rules` says of each name which values make sense. */
export const reader = (rules) => (search) => {
  const values = new URLSearchParams(search);
  return Object.fromEntries(Object.entries(rules).map(([name, right]) => {
    const value = (values.get(name) ?? '').trim();
    return [name, value && right(value) ? value : ''];
  }));
};
