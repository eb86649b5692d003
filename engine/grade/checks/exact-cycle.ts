import type { Backend } from '../../core/policy.ts';
import type { Check, SeenPick } from '../check.ts';
import { costToClients } from '../cost.ts';
import { count } from '../words.ts';

/**
 * The backends of a pool take turns: between two turns of one, every other that stayed eligible has exactly one. The order is free, and so is
 * where a newcomer gets its first turn; who comes back is a newcomer, since a policy may forget whoever left.
 *
 * So a backend may be picked when nobody who was eligible since its last turn is still without one. Who has waited longest, in the order of the
 * list where several have never been picked, is the better answer.
 */
export function exactCycle(): Check {
  return {
    watch(_scenario, report) {
      const pools = new Map<string, Turns>();

      return {
        poolChange(pool, backends) {
          turnsOf(pools, pool).change(backends);
        },
        pick(seen) {
          const { pool, chose, decision, atUs, request } = seen;
          if (chose === undefined) return;
          const turns = turnsOf(pools, pool);
          const overtaken = turns.overtaken(seen, chose);
          turns.take(chose);
          if (overtaken === undefined) return;
          report({
            title: 'Wrong answer: a backend has a second turn before another has its first',
            decision,
            atUs,
            request: request.id,
            chose: `${chose.id}, again`,
            better: `${overtaken.id}, which was eligible all the time since the last turn of ${chose.id} and had none`,
            backends: { chose: chose.id, better: overtaken.id },
            cost: (runs) => `In this run ${turns.told(chose, overtaken)}. ${costToClients(runs)}`.trim(),
          });
        },
      };
    },
  };
}

/** Who had a turn when, in one pool. */
class Turns {
  private turn = 0;
  private readonly lastTurn = new Map<Backend, number>();
  private readonly turns = new Map<Backend, number>();
  /** The turn number when a backend last became eligible. */
  private readonly eligibleSince = new Map<Backend, number>();

  change(backends: readonly Backend[]): void {
    const now = new Set(backends);
    for (const backend of this.eligibleSince.keys()) {
      if (now.has(backend)) continue;
      this.eligibleSince.delete(backend);
      this.lastTurn.delete(backend);
    }
    for (const backend of now) if (!this.eligibleSince.has(backend)) this.eligibleSince.set(backend, this.turn);
  }

  take(backend: Backend): void {
    this.turn += 1;
    this.lastTurn.set(backend, this.turn);
    this.turns.set(backend, (this.turns.get(backend) ?? 0) + 1);
  }

  /** `s1 had 12 turns and s2 had 10`. */
  told(...backends: Backend[]): string {
    return backends.map((backend) => `${backend.id} had ${count(this.turns.get(backend) ?? 0, 'turn')}`).join(' and ');
  }

  /** The backend that had to come before a further turn of `chose`, if there is one. */
  overtaken({ backends }: SeenPick, chose: Backend): Backend | undefined {
    const last = this.lastTurn.get(chose);
    if (last === undefined) return undefined;
    let longest: Backend | undefined;
    for (const backend of backends) {
      const turn = this.lastTurn.get(backend) ?? 0;
      if (backend === chose || turn > last || (this.eligibleSince.get(backend) ?? 0) >= last) continue;
      if (longest === undefined || turn < (this.lastTurn.get(longest) ?? 0)) longest = backend;
    }
    return longest;
  }
}

function turnsOf(pools: Map<string, Turns>, pool: string): Turns {
  const known = pools.get(pool);
  if (known !== undefined) return known;
  const turns = new Turns();
  pools.set(pool, turns);
  return turns;
}
