/**
 * The way in for scenarios that people wrote. Apart from index.ts because it brings a schema library with it: what only runs scenarios that
 * were parsed before (a page, a worker) need not load one.
 */
import { policyProblems } from './policy-problems.ts';
import { referenceProblems } from './world/reference-problems.ts';
import { ScenarioError } from './world/scenario-error.ts';
import { scenarioSchema } from './world/scenario.ts';
import type { Scenario } from './world/scenario.ts';
import { shapeProblems } from './world/shape-problems.ts';

export { ScenarioError } from './world/scenario-error.ts';

/**
 * Reads a scenario and fills in what it leaves out. `source` is where it came from (a file name), for messages.
 * Throws a ScenarioError that lists every problem: where, what was found, what is expected, how to mend it.
 */
export function parseScenario(value: unknown, source: string): Scenario {
  const read = scenarioSchema.safeParse(value);
  if (!read.success) throw new ScenarioError(source, shapeProblems(read.error.issues, value, scenarioSchema));
  const problems = [...referenceProblems(read.data), ...policyProblems(read.data)];
  if (problems.length > 0) throw new ScenarioError(source, problems);
  return read.data;
}
