import { neededBy } from './intake-problems.ts';
import { isLoop } from './arrivals/arrivals.ts';
import { expand, membersOf } from './expand-fault.ts';
import type { Step } from './expand-fault.ts';
import type { Action, Scenario } from './scenario.ts';
import type { NodeSpec } from './scenario-tier.ts';
import { balancersFor, nodesOf } from './tier-nodes.ts';

/** A step that is planned, and the index of the action it is of; `order` among the steps of that. */
interface Planned {
  readonly step: Step;
  readonly order: number;
  index: number;
}

/** The actions of a run in the order of time, each with its steps, of which some are done. */
export class Timetable {
  private readonly all: Action[];
  private readonly pools: Scenario['pools'];
  private readonly nodes: readonly NodeSpec[];
  private readonly steps: Planned[];
  private taken = 0;

  constructor({ timeline, pools, tier }: Scenario) {
    this.all = timeline.toSorted((a, b) => a.atUs - b.atUs);
    this.pools = pools;
    this.nodes = tier === undefined ? [] : nodesOf(tier);
    this.steps = this.all.flatMap((action, index) => this.stepsOf(action, index)).sort(byTime);
  }

  get actions(): readonly Action[] {
    return this.all;
  }

  /** When the next step is due; Infinity when all are done. */
  get nextUs(): number {
    return this.taken < this.steps.length ? this.steps[this.taken]!.step.atUs : Infinity;
  }

  /** Makes this the next one. Nothing else may be due at its time. */
  insertNext(action: Action): void {
    const index = this.all.filter(({ atUs }) => atUs <= action.atUs).length;
    this.all.splice(index, 0, action);
    for (const planned of this.steps) if (planned.index >= index) planned.index++;
    const pending = [...this.steps.splice(this.taken), ...this.stepsOf(action, index)];
    this.steps.push(...pending.sort(byTime));
  }

  take(): Planned {
    return this.steps[this.taken++]!;
  }

  private stepsOf(action: Action, index: number): Planned[] {
    const members = membersOf(this.pools, this.all, action.atUs);
    return expand(action, members, this.nodes).map((step, order) => ({ step, order, index }));
  }
}

/** Of the same moment, in the order of the timeline. */
function byTime(a: Planned, b: Planned): number {
  return a.step.atUs - b.step.atUs || a.index - b.index || a.order - b.order;
}

/** The backend an action is about, if there is one. */
export function targetOf(action: Action | Step): string | undefined {
  if (action.do === 'add-backend') return undefined;
  return 'backend' in action ? action.backend : undefined;
}

/** Throws a RangeError if an action names something that is not there. `backends` are the ids of all that are, or were, `poolIds` those of all pools. */
export function checkAction(
  action: Action,
  backends: readonly string[],
  poolIds: readonly string[],
  { pools, clients, tier, balancer: { intake } }: Scenario,
): void {
  const target = targetOf(action);
  if (target !== undefined) expectKnown('backend', target, backends);
  if ('region' in action) expectKnown('region', action.region, regionsOf(tier));
  if (action.do === 'syn-flood' || action.do === 'slow-loris') {
    const needed = neededBy(action);
    if (intake?.[needed] === undefined)
      throw new RangeError(`There is no bound for "${action.do}" to reach. Add balancer.intake.${needed}.`);
  }
  if ('balancer' in action && action.balancer !== undefined) {
    const nodes = balancersFor(tier, action.do);
    expectKnown('balancer', action.balancer, nodes);
    if ('from' in action && action.from !== undefined) expectKnown('balancer', action.from, nodes);
  }
  if ('dependency' in action) expectKnown('dependency', action.dependency, dependenciesOf(pools));
  if (action.do === 'set-rate' || action.do === 'surge') {
    expectKnown('client', action.client, idsOf(clients));
    if (clients.some(({ id, arrivals }) => id === action.client && isLoop(arrivals)))
      throw new RangeError(`The users of "${action.client}" send when they have their answers: it has no rate to set.`);
  }
  if (action.do !== 'add-backend') return;
  expectKnown('pool', action.pool, poolIds);
  const { id } = action.backend;
  if (backends.includes(id)) throw new RangeError(`There is, or was, a backend "${id}" already. Choose another id.`);
}

function regionsOf(tier: Scenario['tier']): string[] {
  return tier === undefined ? [] : [...new Set(nodesOf(tier).map(({ region }) => region))];
}

/** Whatever some backend depends on, each once: stores of sessions, too. */
export function dependenciesOf(pools: Scenario['pools']): string[] {
  const stores = pools.flatMap(({ sessions }) => (sessions?.kept === 'external' ? [sessions.store] : []));
  return [...new Set([...pools.flatMap(({ backends }) => backends.flatMap(({ dependsOn }) => dependsOn)), ...stores])];
}

function expectKnown(what: string, id: string, known: readonly string[]): void {
  if (!known.includes(id)) throw new RangeError(`There is no ${what} "${id}". There are: ${known.join(', ')}.`);
}

function idsOf(named: readonly { readonly id: string }[]): string[] {
  return named.map(({ id }) => id);
}

/** What an operator asks the control plane for; while that is lost, it is lost as well. */
export const CONFIGURES: ReadonlySet<string> = new Set([
  'set-weight',
  'set-max-connections',
  'drain',
  'undrain',
  'disable',
  'enable',
  'add-backend',
  'remove-backend',
  'configure',
]);
