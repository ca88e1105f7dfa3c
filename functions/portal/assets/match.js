// How well an opportunity fits a volunteer, in words.

import { join, t } from './words.js';
import { h } from './dom.js';
import { districtName, isDistrict } from './places.js';
import { skillName, trainingName } from './volunteering.js';

const place = (code) => (isDistrict(code) ? districtName(code) : code);
const missing = ({ value, limit }) => limit.filter((one) => !value.includes(one));
const listed = (name, all) => (reason) => {
  if (!reason.limit.length) return '';
  return reason.passed ? t(`match.${all}_yes`, { list: join(reason.limit.map(name)) }) : t(`match.${all}_no`, { list: join(missing(reason).map(name)) });
};

/** What to say of each thing that was compared; nothing where it means nothing. */
const texts = {
  age: ({ value, limit: [least, most], passed }) => {
    const ages = most === undefined ? t('match.age_least', { least }) : t('match.age_span', { least, most });
    return t(passed ? 'match.age_yes' : 'match.age_no', { ages, age: value });
  },
  minors: ({ value: minor, passed }) => (minor ? t(passed ? 'match.minors_yes' : 'match.minors_no') : ''),
  required_skills: listed(skillName, 'required_skills'),
  trainings: listed(trainingName, 'trainings'),
  skills: ({ value, limit, passed }) => {
    if (!limit.length) return '';
    return passed ? t('match.skills_yes', { list: join(value.map(skillName)) }) : t('match.skills_no', { list: join(limit.map(skillName)) });
  },
  free_hours: ({ value, passed }) => (passed ? t('match.free_hours_yes', { count: value.length }) : t('match.free_hours_no')),
  district: ({ value, passed }) => t(passed ? 'match.district_yes' : 'match.district_no', { district: place(value) }),
};

/** What cannot be made up for by choosing another shift. */
const LASTING = ['required_skills', 'trainings'];

/** What the volunteer lacks for good, in a sentence; empty where nothing stands in the way. */
export const showLacking = ({ reasons }) =>
  reasons.filter(({ rule, required, passed }) => required && !passed && LASTING.includes(rule)).map((reason) => texts[reason.rule](reason)).join('');

/** How well it fits, and why. */
export function drawMatch({ fits, score, reasons }) {
  // Who lacks a skill that is required need not hear that it would be of use.
  const lacks = reasons.some(({ rule, passed }) => rule === 'required_skills' && !passed);
  const lines = reasons.filter(({ rule, passed }) => passed || rule !== 'skills' || !lacks).map((reason) => [reason, texts[reason.rule]?.(reason)]).filter(([, text]) => text);
  return h('div', { class: 'match' },
    h('p', {}, h('span', { class: fits ? 'tag good' : 'tag' }, fits ? t(`match.score_${score}`) : t('match.unfit'))),
    h('ul', { class: 'plain reasons' }, ...lines.map(([{ passed, required }, text]) =>
      h('li', { class: passed ? 'yes' : required ? 'no' : 'less' }, h('span', { class: 'unseen' }, t(passed ? 'match.yes' : 'match.no')), text))));
}
