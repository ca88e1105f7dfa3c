// One care home: what it is, its rooms, and the form that applies for a bed here and elsewhere.

import './page.js';
import { t } from './words.js';
import { $, alertIn, data, dial, fact, h, sampleLabel } from './dom.js';
import { call, query } from './api.js';
import { chooseRooms, fillApplicant, readyForm } from './apply.js';
import { mapLink } from './places.js';
import { drawConfirmed, drawFeatures, drawRooms, drawSubsidy, ownershipName } from './rooms.js';
import { recall } from './vault.js';
import { readWanted } from './wanted.js';

const id = new URLSearchParams(location.search).get('id');
const { level, household } = readWanted(location.search);

async function start() {
  if (!id) {
    location.replace('/beds');
    return;
  }
  alertIn($('notice'), '');
  $('waiting').hidden = false;
  try {
    draw(await call('GET', `/beds/institutions/${encodeURIComponent(id)}${query({ care_level: level, household_division_code: household })}`));
    readyForm();
    if (location.hash === '#apply') {
      $('apply').scrollIntoView();
      $('apply').focus({ preventScroll: true });
    }
  } catch (problem) {
    if (problem.status === 404) alertIn($('notice'), t('institution.unknown'));
    else alertIn($('notice'), problem.message, { action: h('button', { type: 'button', class: 'button secondary', onclick: () => start() }, t('common.retry')) });
  } finally {
    $('waiting').hidden = true;
  }
}

function draw(home) {
  $('institution').hidden = false;
  $('heading').replaceChildren(data(home.name), ...sampleLabel(home));
  document.title = `${home.name} · ${t('site.name')}`;
  $('sample').hidden = !home.sample;
  $('features').replaceChildren(drawFeatures(home) ?? '');
  $('facts').replaceChildren(
    ...fact(t('point.address'), data(home.address), home.location ? h('span', {}, h('br'), mapLink(home, { class: 'tap' })) : null),
    ...(home.phone ? fact(t('point.call'), dial(home.phone, { class: 'tap' })) : []),
    ...fact(t('beds.ownership'), ownershipName(home.ownership)),
    ...(home.operator ? fact(t('point.operator'), data(home.operator)) : []),
  );
  $('rooms').replaceChildren(...[drawRooms(home), ...drawSubsidy(home), ...drawConfirmed(home)].filter(Boolean));
  $('alert').href = `/beds/alert${query({ new: '1', district: home.division_code.slice(0, 6), level })}`;
  chooseRooms(home);
}

for (const link of ['back', 'others']) $(link).href = `/beds${recall('search') ?? ''}`;
fillApplicant({ level, household });
start();
