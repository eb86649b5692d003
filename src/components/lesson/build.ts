/**
 * What components do while the site is built, with the real engine: read scenarios, run them to a moment, ask them for numbers. A mistake
 * in a lesson ends the build with a message that names the component, what was found and how to mend it.
 */
import { type Query, type Scenario, Simulation, frameWriter, measure, policiesFor } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { type Knob, TEMPLATE_NAMES, fieldOf, isChoice, rebuilt, withFields } from './knob.ts';
import { NOTHING_YET, remember } from './recall.ts';
import { type Still, plainFrame } from './still.ts';

const files = import.meta.glob<unknown>('/engine/scenarios/*.json', { eager: true, import: 'default' });

/** The scenario `engine/scenarios/<name>.json`, parsed. `seed` instead of its own. */
export function loadScenario(name: string, seed?: number): Scenario {
  const path = `/engine/scenarios/${name}.json`;
  if (!(path in files)) {
    const known = Object.keys(files).map((file) => file.replace(/.*\/|\.json$/g, ''));
    throw new Error(`There is no scenario "${name}" in engine/scenarios. There are: ${known.join(', ')}.`);
  }
  const scenario = parseScenario(files[path], path.slice(1));
  return seed === undefined ? scenario : { ...scenario, seed };
}

/** "8 s", "350 ms", "1.5 s" in microseconds; a number is taken as it is. */
export function durationUs(written: string | number): number {
  if (typeof written === 'number') return written;
  const found = /^([\d.]+)\s*(s|ms|µs|us)$/.exec(written.trim());
  if (found === null)
    throw new Error(`Found the time "${written}", expected a number and a unit, for example "8 s" or "350 ms".`);
  return Math.round(Number(found[1]) * { s: 1_000_000, ms: 1000, µs: 1, us: 1 }[found[2] as 's' | 'ms' | 'µs' | 'us']);
}

/** The picture of a run at a moment: as if it had been played to there. */
export function stillOf(scenario: Scenario, atUs: number): Still {
  const simulation = new Simulation(scenario, policiesFor(scenario));
  const writer = frameWriter(simulation);
  let recall = NOTHING_YET;
  // Short steps, as a playing figure makes them: a frame holds at most the newest 200 events, and the figure remembers the last second.
  const stepUs = 50_000;
  for (let untilUs = Math.max(0, atUs - 3_000_000); untilUs < atUs; untilUs += stepUs) {
    simulation.runUntil(untilUs);
    recall = remember(recall, writer.next());
  }
  simulation.runUntil(atUs);
  const frame = writer.next();
  return { seed: scenario.seed, frame: plainFrame(frame), recall: remember(recall, frame) };
}

/** A run other than the scenario as written. */
export interface Change {
  readonly seed?: number | undefined;
  /** JSON pointers and what stands there instead, as in a knob. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
}

export function changedScenario(name: string, { seed, set }: Change = {}): Scenario {
  const scenario = loadScenario(name, seed);
  if (set === undefined) return scenario;
  return parseScenario(withFields(scenario, set), `engine/scenarios/${name}.json with ${JSON.stringify(set)}`);
}

const finished = new Map<string, Simulation>();

/** A number of a whole run, from its start to its end. */
export function askRun(name: string, query: Query, change: Change = {}): number {
  const key = JSON.stringify([name, change.seed, change.set]);
  let simulation = finished.get(key);
  if (simulation === undefined) {
    const scenario = changedScenario(name, change);
    simulation = new Simulation(scenario, policiesFor(scenario));
    simulation.runToEnd();
    finished.set(key, simulation);
  }
  return measure(simulation.log, query);
}

/** A knob that is right: every world it leads to has been parsed (which fills in defaults), every name in its templates is known. */
export function parsedKnob(knob: Knob, scenario: Scenario): Knob {
  const where = `knob "${knob.label}" on ${scenario.name}`;
  checkTemplates(knob, scenario, where);
  if (isChoice(knob)) {
    const choices = knob.choices.map((choice, index) => {
      const world = parseScenario(rebuilt(knob, scenario, index), `${where}, choice "${choice.label}"`);
      const pointers = Object.keys(choice.set ?? {});
      return { ...choice, set: Object.fromEntries(pointers.map((pointer) => [pointer, fieldOf(world, pointer)])) };
    });
    return { ...knob, choices };
  }
  for (let value = knob.min; value <= knob.max; value += knob.step) {
    const world = rebuilt(knob, scenario, value);
    if (world) parseScenario(world, `${where} at ${value}`);
  }
  return knob;
}

function checkTemplates(knob: Knob, scenario: Scenario, where: string): void {
  const ids = scenario.pools.flatMap(({ backends }) => backends.map(({ id }) => id));
  const unknown = (isChoice(knob) ? [] : (knob.backends ?? [])).filter((id) => !ids.includes(id));
  const templates = [
    knob.consequence,
    ...(knob.marker ?? []),
    ...(isChoice(knob) ? knob.choices.map((c) => c.consequence) : []),
  ];
  for (const template of templates) {
    for (const [, name, id] of template?.matchAll(/\{(\w+)(?::([a-z0-9-]+))?\}/g) ?? []) {
      const names: readonly string[] = id === undefined ? TEMPLATE_NAMES.overall : TEMPLATE_NAMES.backend;
      if (!names.includes(name!))
        throw new Error(`${where}: "{${name}}" is not a name a template knows. Known: ${names.join(', ')}.`);
      if (id !== undefined && !ids.includes(id)) unknown.push(id);
    }
  }
  if (unknown.length > 0)
    throw new Error(`${where}: there is no backend ${unknown.join(', ')}. There are: ${ids.join(', ')}.`);
}
