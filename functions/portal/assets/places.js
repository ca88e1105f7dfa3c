// Places: districts, distances, maps, and where the visitor is.

import { t } from './words.js';
import { busy, data, dial, h, sampleLabel, say } from './dom.js';

/** Shanghai's districts (GB/T 2260), in the order of their codes. */
const DISTRICTS = [
  '310101', '310104', '310105', '310106', '310107', '310109', '310110', '310112',
  '310113', '310114', '310115', '310116', '310117', '310118', '310120', '310151',
];

export const isDistrict = (code) => DISTRICTS.includes(code);
export const districtName = (code) => t(`district.${code}`);

/** Adds every district to a `select`. */
export const fillDistricts = (select) => select.append(...DISTRICTS.map((code) => h('option', { value: code }, districtName(code))));

/** `350 米`, `2.4 公里` */
export const showDistance = (metres) =>
  metres < 1000 ? t('near.metres', { metres: Math.round(metres / 10) * 10 }) : t('near.kilometres', { kilometres: (metres / 1000).toFixed(1) });

/** A link to a place on a map. */
export const mapLink = ({ name, location: { lat, lon } }, attributes = {}) =>
  h('a', {
    href: `https://uri.amap.com/marker?position=${lon},${lat}&name=${encodeURIComponent(name)}&coordinate=wgs84`,
    target: '_blank',
    rel: 'noopener noreferrer',
    ...attributes,
  }, t('common.map'));

/** A place in the facts of a ticket: name, address, telephone, map. */
export const drawPlace = (place) => [
  h('strong', {}, data(place.name)), ...sampleLabel(place), h('br'), data(place.address),
  place.phone ? h('span', {}, h('br'), dial(place.phone)) : null,
  place.location ? h('span', { class: 'screen' }, h('br'), mapLink(place)) : null,
];

/** Where the visitor is, as coarsely as will do: about a hundred metres, which says less about where someone lives. */
async function position() {
  const { coords } = await new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 10_000, maximumAge: 300_000 }));
  return { lat: coords.latitude.toFixed(3), lon: coords.longitude.toFixed(3) };
}

/**
 * Makes `button` ask for the position and call `found` with it; `hint` says how that goes: with `failed` when there is
 * none, or with the text that `found` resolves to.
 */
export function wireNear(button, hint, failed, found) {
  const tell = (text) => {
    hint.textContent = text;
    say(text);
  };
  button.addEventListener('click', () => busy(button, async () => {
    hint.textContent = t('near.asking');
    let here;
    try {
      here = await position();
    } catch {
      tell(failed);
      return;
    }
    tell((await found(here)) ?? t('near.done'));
  }));
}
