import { readdirSync, readFileSync } from 'node:fs';
import type { Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';

const folder = new URL('../../../engine/scenarios/', import.meta.url);

/** The names of all scenarios of the library. */
export const libraryNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

export function fromLibrary(name: string): Scenario {
  const file = `engine/scenarios/${name}.json`;
  return parseScenario(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')), file);
}
