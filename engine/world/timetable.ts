import { isLoop } from './arrivals/arrivals.ts';
import type { Action, Scenario } from './scenario.ts';
import { nodesOf } from './scenario-tier.ts';

/** The actions of a run in the order of time, of which some are done. */
export class Timetable {
  private readonly all: Action[];
  private taken = 0;

  constructor(actions: readonly Action[]) {
    this.all = actions.toSorted((a, b) => a.atUs - b.atUs);
  }

  get actions(): readonly Action[] {
    return this.all;
  }

  /** How many are done; also the index of the next one. */
  get done(): number {
    return this.taken;
  }

  /** When the next one is due; Infinity when all are done. */
  get nextUs(): number {
    return this.taken < this.all.length ? this.all[this.taken]!.atUs : Infinity;
  }

  /** Makes this the next one. */
  insertNext(action: Action): void {
    this.all.splice(this.taken, 0, action);
  }

  take(): Action {
    return this.all[this.taken++]!;
  }
}

/** The backend an action is about, if there is one. */
export function targetOf(action: Action): string | undefined {
  if (action.do === 'add-backend') return undefined;
  return 'backend' in action ? action.backend : undefined;
}

/** Throws a RangeError if an action names something that is not there. `backends` are the ids of all that are, or were, `poolIds` those of all pools. */
export function checkAction(
  action: Action,
  backends: readonly string[],
  poolIds: readonly string[],
  { pools, clients, tier }: Scenario,
): void {
  const target = targetOf(action);
  if (target !== undefined) expectKnown('backend', target, backends);
  if ('balancer' in action) {
    const nodes = tier === undefined ? [] : idsOf(nodesOf(tier));
    expectKnown('balancer', action.balancer, nodes);
    if ('from' in action && action.from !== undefined) expectKnown('balancer', action.from, nodes);
  }
  if ('dependency' in action) expectKnown('dependency', action.dependency, dependenciesOf(pools));
  if (action.do === 'set-rate') {
    expectKnown('client', action.client, idsOf(clients));
    if (clients.some(({ id, arrivals }) => id === action.client && isLoop(arrivals)))
      throw new RangeError(`The users of "${action.client}" send when they have their answers: it has no rate to set.`);
  }
  if (action.do !== 'add-backend') return;
  expectKnown('pool', action.pool, poolIds);
  const { id } = action.backend;
  if (backends.includes(id)) throw new RangeError(`There is, or was, a backend "${id}" already. Choose another id.`);
}

/** Whatever some backend depends on, each once. */
export function dependenciesOf(pools: Scenario['pools']): string[] {
  return [...new Set(pools.flatMap(({ backends }) => backends.flatMap(({ dependsOn }) => dependsOn)))];
}

function expectKnown(what: string, id: string, known: readonly string[]): void {
  if (!known.includes(id)) throw new RangeError(`There is no ${what} "${id}". There are: ${known.join(', ')}.`);
}

function idsOf(named: readonly { readonly id: string }[]): string[] {
  return named.map(({ id }) => id);
}
