import { loadScenario, stillOf } from '../lesson/build.ts';
import type { Library, World } from './session.ts';

/** The worlds of the lab, made ready while the site is built. */

const names = Object.keys(import.meta.glob('/engine/scenarios/*.json')).map((file) =>
  file.replace(/.*\/|\.json$/g, ''),
);

/** What the lab opens with. */
export const FIRST = 'nothing-goes-wrong';

export function library(): Library {
  return names.map((name) => ({ name, title: loadScenario(name).title }));
}

export function worldOf(name: string): World {
  const scenario = loadScenario(name);
  return { scenario, still: stillOf(scenario, 0) };
}
