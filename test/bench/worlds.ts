/** Every world that the library, the lessons and the katas have, with what a lesson changes in it and what a seed draws. */
import { readdirSync, readFileSync } from 'node:fs';
import { worldOf } from '../../engine/index.ts';
import type { KataScenario, Scenario } from '../../engine/index.ts';
import { componentsIn } from '../../engine/cli/check/claims.ts';
import { parseScenario } from '../../engine/parse.ts';
import { isChoice, rebuilt, withFields } from '../../src/components/lesson/knob.ts';
import type { Knob } from '../../src/components/lesson/knob.ts';

interface World {
  readonly name: string;
  readonly scenario: Scenario;
}

const root = new URL('../../', import.meta.url);

/** Those of the library first; one that a lesson shows as it stands there is not named again. */
export function allWorlds(): World[] {
  const worlds = [...scenariosIn('engine/scenarios').map(read), ...lessonWorlds(), ...kataWorlds()];
  const seen = new Set<string>();
  return worlds.filter(({ scenario }) => {
    const written = JSON.stringify(scenario);
    return !seen.has(written) && seen.add(written);
  });
}

/** What a figure's knob can do to it is a world of its own; of a range, its two ends. */
function lessonWorlds(): World[] {
  return named('lessons', '.mdx').flatMap((file) =>
    componentsIn(readFileSync(new URL(file, root), 'utf8')).flatMap(
      ({ name, line, props: { rows = [{}], ...props } }) =>
        rows.flatMap((row) => {
          const set = { ...props.set, ...row.set };
          const scenario = changed({ ...props, ...row }.scenario, set);
          const knob = props.knob as Knob | undefined;
          const values = knob === undefined ? [] : isChoice(knob) ? [...knob.choices.keys()] : [knob.min, knob.max];
          const turned = values.flatMap((value) => rebuilt(knob!, scenario, value) ?? []);
          // Found by a reader: the page runs a figure, all else was run when the site was built.
          const where = `${file}:${line} <${name}> ${scenario.name}`;
          return [scenario, ...turned.map((world) => parseScenario(world, where))].map((world) => ({
            name: where,
            scenario: world,
          }));
        }),
    ),
  );
}

function changed(name: string, set: Readonly<Record<string, unknown>>): Scenario {
  const { scenario } = read(`engine/scenarios/${name}.json`);
  return parseScenario(withFields(scenario, set), `${name} with ${JSON.stringify(set)}`);
}

function kataWorlds(): World[] {
  const folders = readdirSync(new URL('katas/', root), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.flatMap(({ name }) => scenariosIn(`katas/${name}/scenarios`));
  return files.flatMap((file) => {
    const { name, scenario, varies } = read(file);
    const drawn = varies === undefined ? [] : [1, 2, 3].map((seed) => worldOf({ scenario, varies }, seed));
    return [scenario, ...drawn].map((world) => ({ name, scenario: world }));
  });
}

function read(file: string): World & Pick<KataScenario, 'varies'> {
  // What a kata says beside its world is no part of a scenario.
  const {
    varies,
    reveal: _,
    ...scenario
  } = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Record<string, unknown>;
  return { name: file, scenario: parseScenario(scenario, file), varies: varies as KataScenario['varies'] };
}

function scenariosIn(folder: string): string[] {
  return named(folder, '.json');
}

function named(folder: string, ending: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, root)).filter((name) => name.endsWith(ending));
  return names.map((name) => `${folder}/${name}`);
}
