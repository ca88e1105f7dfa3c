// Changing a volunteer's registration: telephone, district, skills and free times.

import { t } from './words.js';
import { $, alertIn, busy } from './dom.js';
import { fillAbilities, readAbilities, setAbilities } from './abilities.js';
import { clearFaults, explain, missing, showFaults } from './form.js';
import { normal } from './people.js';

const form = $('form');

/** What is chosen and isn't so yet; a district stays as fine as it was. */
function changes({ division_code: division, skills, availability }) {
  const phone = normal.phone($('phone').value);
  const chosen = readAbilities();
  const same = (one, other) => one.length === other.length && one.every((word) => other.includes(word));
  return {
    ...(phone && { phone }),
    ...(chosen.division_code !== division.slice(0, 6) && { division_code: chosen.division_code }),
    ...(!same(chosen.skills, skills) && { skills: chosen.skills }),
    ...(!same(chosen.availability, availability) && { availability: chosen.availability }),
  };
}

/** Makes the form change the ticket's volunteer; `show(volunteer)` fills it. */
export function wireChange(ticket) {
  fillAbilities();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const faults = missing(form);
    if (faults.length) {
      showFaults(form, $('faults'), t('common.incomplete'), faults);
      return;
    }
    clearFaults(form, $('faults'));
    busy($('submit'), send);
  });

  async function send() {
    const body = changes(ticket.shown);
    if (!Object.keys(body).length) {
      alertIn($('faults'), t('change.nothing'));
      return;
    }
    try {
      const answer = await ticket.request('PATCH', '', { body });
      $('phone').value = '';
      $('change').open = false;
      ticket.changed(answer, t('change.done'));
    } catch (problem) {
      if (problem.errors.length) showFaults(form, $('faults'), problem.message, problem.errors);
      else alertIn($('faults'), explain(problem));
    }
  }

  return {
    show: (volunteer) => { if (!$('change').open) setAbilities(volunteer); }, // what is being typed stays
  };
}
