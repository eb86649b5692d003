/** What `--policy` puts into a scenario: a policy of the registry by its name, or one in a file. */
import { existsSync, readFileSync } from 'node:fs';
import { failureOf } from '../../grade/fault.ts';
import { mapPolicies } from '../../grade/map-policies.ts';
import { KINDS, policyKinds } from '../../grade/policy-kinds.ts';
import type { PolicyKind } from '../../grade/policy-kinds.ts';
import { COLUMN, simulate } from '../../grade/tape.ts';
import { policiesFor } from '../../index.ts';
import type { Scenario, Simulation } from '../../index.ts';
import { parseScenario } from '../../parse.ts';
import { AFFINITY, FLOW_TABLES, HEALTH, PICKERS, RESOLVERS } from '../../registry.ts';

/** What a scenario calls by name. A limit is not among them: it is nothing without its numbers. */
const NAMED: { readonly [K in PolicyKind]?: Readonly<Record<string, unknown>> } = {
  picker: PICKERS,
  health: HEALTH,
  outlier: HEALTH,
  affinity: AFFINITY,
  flows: FLOW_TABLES,
  resolver: RESOLVERS,
};

/** Is it a file, and not a name? */
export function isFile(policy: string): boolean {
  return /\.[jt]s$/.test(policy);
}

/** The scenario with the policy of this name wherever it has one of the kind. Read again, so that a mistake is told like any other. */
export function withNamed(scenario: Scenario, name: string, kind: PolicyKind | undefined): Scenario {
  const knowing = policyKinds.filter((one) => NAMED[one] && Object.hasOwn(NAMED[one], name));
  if (kind === undefined && knowing.length === 0) throw unknownName(name);
  const chosen = kind ?? placed(scenario, knowing);
  if (NAMED[chosen] === undefined)
    throw new Error(`--kind ${chosen}: no scenario names one. Give a file instead: --policy my-policy.ts.`);
  expectPlace(scenario, chosen);
  return parseScenario(replaced(scenario, chosen, { name }), `${scenario.name} with --policy ${name}`);
}

/** The run with the policy of a file in it, by the guard and the tape of the katas. */
export async function runWithFile(
  scenario: Scenario,
  seed: number,
  file: string,
  kind?: PolicyKind,
): Promise<Simulation> {
  if (!existsSync(file)) throw new Error(`--policy: there is no file ${file}.`);
  const source = readFileSync(file, 'utf8');
  const chosen = kind ?? placed(scenario, kindsIn(source, file));
  expectPlace(scenario, chosen);
  // The language service is dear to load, and a name does without it.
  const [{ compile, guard }, { runScenario }] = await Promise.all([
    import('../learner.ts'),
    import('../../sandbox/run.ts'),
  ]);
  const learner = compile(source, chosen);
  if (typeof learner === 'string') throw new Error(`${file}: ${learner}`);
  guard.load(learner.code);
  const { fault, tape } = runScenario(scenario, seed, chosen, learner.factory(), guard, () => undefined);
  if (fault) {
    const { title, message = '', line } = failureOf(fault, learner.code);
    throw new Error(`${file}${line ? `, line ${line}` : ''}: ${title}. ${message}`);
  }
  if (tape[COLUMN[chosen]]?.length === 0)
    throw new Error(`${file}: ${scenario.name} never asked it for a ${KINDS[chosen].noun}.`);
  return simulate(scenario, seed, tape, policiesFor(scenario));
}

/** By the interface its types name. */
function kindsIn(source: string, file: string): PolicyKind[] {
  const kinds = policyKinds.filter((kind) => new RegExp(`\\b${KINDS[kind].contract}\\b`).test(source));
  if (kinds.length > 0) return kinds;
  const contracts = [...new Set(policyKinds.map((kind) => KINDS[kind].contract))].join(', ');
  throw new Error(`${file}: names no interface of a policy (${contracts}). Say what it is: --kind picker.`);
}

/** The first of these kinds that the scenario has a policy of; else the first. */
function placed(scenario: Scenario, kinds: readonly PolicyKind[]): PolicyKind {
  const there = kindsOf(scenario);
  return kinds.find((kind) => there.has(kind)) ?? kinds[0]!;
}

function expectPlace(scenario: Scenario, kind: PolicyKind): void {
  const there = kindsOf(scenario);
  if (there.has(kind)) return;
  const has = policyKinds.filter((one) => there.has(one)).join(', ');
  throw new Error(`--policy: ${scenario.name} has no policy of the kind ${kind} to replace; it has ${has}.`);
}

function kindsOf(scenario: Scenario): ReadonlySet<PolicyKind> {
  const policies = policiesFor(scenario);
  const kinds = new Set<PolicyKind>();
  mapPolicies(policies, (kind, policy) => {
    kinds.add(kind);
    return policy;
  });
  // These are made when the run begins.
  if (policies.tier?.electors) kinds.add('elector');
  if (policies.tier?.flowTables) kinds.add('flows');
  return kinds;
}

type Spec = Readonly<{ name: string }>;

function replaced(scenario: Scenario, kind: PolicyKind, spec: Spec): unknown {
  const { pools, tier } = scenario;
  if (kind === 'flows') return { ...scenario, tier: { ...tier, flowTable: spec } };
  if (kind === 'resolver') return { ...scenario, tier: { ...tier, reach: { ...tier!.reach, policy: spec } } };
  return { ...scenario, pools: pools.map((pool) => ({ ...pool, ...inPool(pool, kind, spec) })) };
}

/** Pools that have none stay as they are. */
function inPool(pool: Scenario['pools'][number], kind: PolicyKind, spec: Spec): object {
  switch (kind) {
    case 'picker':
      return { picker: spec };
    case 'health':
      return pool.health ? { health: { ...pool.health, policy: spec } } : {};
    case 'outlier':
      return pool.outlier ? { outlier: spec } : {};
    default:
      return pool.affinity ? { affinity: spec } : {};
  }
}

function unknownName(name: string): Error {
  const lines = policyKinds.flatMap((kind) =>
    NAMED[kind] ? [`  ${kind}: ${Object.keys(NAMED[kind]).join(', ')}`] : [],
  );
  return new Error(`--policy: found "${name}", expected a file.ts or one of\n${lines.join('\n')}`);
}
