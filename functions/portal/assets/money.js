// Money: fen on the wire, yuan on the page.

import { lang } from './words.js';

/** `5,800`, `5,800.50`; with `exact` always two decimals. */
export function showYuan(fen, { exact = false } = {}) {
  const digits = exact || fen % 100 ? 2 : 0;
  return new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(fen / 100);
}

/** What was typed as an amount in yuan, in fen; null when it is none, or nothing. */
export function parseYuan(text) {
  const typed = text.normalize('NFKC').replace(/[\s,]/g, '');
  const [, yuan, fen = ''] = typed.match(/^(\d{1,9})(?:\.(\d{1,2}))?$/) ?? [];
  const total = yuan === undefined ? 0 : Number(yuan) * 100 + Number(fen.padEnd(2, '0'));
  return total > 0 ? total : null;
}
