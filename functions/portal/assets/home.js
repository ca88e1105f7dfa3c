// The home page: what this device keeps, and whether the offices are sample data.

import './page.js';
import { $ } from './dom.js';
import { offices } from './offices.js';
import { showKept } from './kept.js';

$('kept').hidden = !showKept($('kept-list'));

offices()
  .then((list) => { $('sample').hidden = !list.some((office) => office.sample); })
  .catch(() => {}); // the page stands without it
