// What an answer's rules are based on.

import { lang, t } from './words.js';

/** The laws and notices that an answer cites, in a sentence; empty where it cites none. */
export function showSources(citations) {
  const sources = new Set(citations.map(({ source, source_zh: zh }) => (lang === 'en' ? source : zh)).filter(Boolean));
  return sources.size ? t('appointment.sources', { sources: [...sources].join(' · ') }) : '';
}
