// What every page does: the language switch keeps the place, and a lost connection is said at once.

import { t } from './words.js';
import { $ } from './dom.js';

$('language').addEventListener('click', (event) => {
  event.preventDefault();
  const wanted = event.currentTarget.hreflang;
  document.dispatchEvent(new Event('language')); // a page may save what is typed, for the moment of the reload
  document.cookie = `lang=${wanted}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  history.replaceState(history.state, '', url);
  location.reload();
});

const showConnection = () => {
  $('offline').textContent = navigator.onLine === false ? t('common.offline') : '';
};
window.addEventListener('offline', showConnection);
window.addEventListener('online', showConnection);
showConnection();
