/** The decisions of one kind of policy in a run, in words: for replays that have no picture of them. */
import type { Policies } from '../core/policies.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';
import { wordsOf } from './call-words.ts';
import type { CallWords } from './call-words.ts';
import { mapPolicies } from './map-policies.ts';
import { withCalls } from './policy-kinds.ts';
import type { PolicyKind } from './policy-kinds.ts';
import { policiesFromTape } from './tape.ts';
import type { Tape } from './tape.ts';

export interface ToldCall extends CallWords {
  readonly atUs: number;
  /** The name of the call: `admit`, `find`, `sweep`. */
  readonly call: string;
  /** Where there is more than one: the node of the tier, or the pool. */
  readonly of?: string;
}

/** So many calls are told; longer runs are for the lab. */
const MOST_CALLS = 20_000;

/** Replays the tape. A tape that ends early was broken off there, and so is the run. */
export function toldCalls(scenario: Scenario, seed: number, tape: Tape, own: Policies, wanted: PolicyKind): ToldCall[] {
  const calls: ToldCall[] = [];
  const many = scenario.pools.length > 1;
  const { policies } = policiesFromTape(tape, own, { short: 'decline' });
  let nowUs = (): number => 0;
  const telling = mapPolicies(policies, (kind, policy, { node, pool }) => {
    if (kind !== wanted) return policy;
    const of = node ?? (many ? pool : undefined);
    return withCalls(kind, policy, (call, answering, member) => {
      if (typeof member === 'string') return answering;
      return (...args) => {
        const answer = answering(...args);
        if (calls.length < MOST_CALLS) {
          calls.push({ atUs: nowUs(), call, ...wordsOf(kind, call, args, answer), ...(of !== undefined && { of }) });
        }
        return answer;
      };
    });
  });
  const simulation = new Simulation(scenario, telling, { seed });
  nowUs = () => simulation.nowUs;
  simulation.runToEnd();
  return calls;
}
