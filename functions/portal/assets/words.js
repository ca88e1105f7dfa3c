// The texts of this page in its language, as the server wrote them into it.

const words = JSON.parse(document.getElementById('words').textContent);

/** The page's language, as `Accept-Language` and `Intl` take it. */
export const lang = document.documentElement.lang;

/** The text named `key`, its `{name}` places filled from `values`. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** The texts of a list in one line. */
export const join = (texts) => texts.reduce((one, two) => t('common.list', { one, two }));
