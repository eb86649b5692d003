import { slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import { grown } from '../core/columns.ts';
import type { BreakerState } from '../core/policy.ts';
import type { Desk, EligibleList } from './eligible-list.ts';

/** What the balancer holds a backend for, and acts on. */
export const BELIEVED = { healthy: 1, unhealthy: 2, draining: 3, removed: 4 } as const;

/** Where a backend stands on its way through a pool. `registered`: it takes requests, and no check has judged it yet. */
export type Lifecycle = 'registered' | keyof typeof BELIEVED;

/** What a configuration says of a backend's part in its pool. */
export interface Role {
  /** 0 is asked first. */
  readonly priority?: number;
  /** Serves only when the others cannot. */
  readonly backup?: boolean;
  /** What subsets are told apart by. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Hosts of a level, or of a zone in it. */
export interface Count {
  /** All that are not taken out by hand. */
  hosts: number;
  healthy: number;
}

/** A list a member may be in: while it is healthy, or (`health` is false) whatever its health. */
export interface Seat {
  readonly list: EligibleList;
  readonly health: boolean;
  taken: boolean;
}

/** One backend as a member of its pool. Only its pool changes it. */
export interface Member {
  /** The engine's index. */
  readonly backend: number;
  readonly view: BackendView;
  readonly role: Role;
  /** As configured; what its view tells may be less while it starts slowly. */
  weight: number;
  /** Has its health been judged yet? */
  judged: boolean;
  /** The verdict of active checks. */
  failsChecks: boolean;
  /** The verdict of outlier detection. */
  ejected: boolean;
  /** Gets no new clients; who is bound to it still comes. */
  draining: boolean;
  /** Taken out by hand: nobody comes. */
  disabled: boolean;
  /** The backend's agent says that it is down. */
  agentDown: boolean;
  /** It takes no new work by order of its agent: drain, maint, or weight 0. */
  agentDrains: boolean;
  /** The state its agent last ordered. */
  agentState: 'ready' | 'drain' | 'maint';
  /** The part of its weight that its agent orders. */
  agentPercent: number;
  removed: boolean;
  /** Is nothing against it but a drain? (Where backends start slowly.) */
  fit: boolean;
  /** When its slow start began, and the part of its weight that it has by now; undefined and 1: it is in none. */
  rampSinceUs: number | undefined;
  rampFactor: number;
  /** As configured or ordered; what its view tells may be less while it starts slowly. */
  maxConnections: number;
  /** What its breaker said last: open, nobody comes; half open, one request at a time. */
  breaker: BreakerState;
  /** What follows from the above, as the lists and counts have it: does it count as a host, and is nothing against it? */
  counted: boolean;
  up: boolean;
  /** 0: nobody comes; 1: whoever is bound to it may; 2: also who is bound less firmly. */
  binding: number;
  readonly seats: Seat[];
  readonly counts: Count[];
  /** The pickers that may choose it. */
  readonly desks: Desk[];
}

export function newMember(view: BackendView, role: Role): Member {
  return {
    backend: slotOf(view),
    view,
    role,
    weight: view.weight,
    judged: false,
    failsChecks: false,
    ejected: false,
    draining: false,
    disabled: false,
    agentDown: false,
    agentDrains: false,
    agentState: 'ready',
    agentPercent: 100,
    removed: false,
    fit: true,
    rampSinceUs: undefined,
    rampFactor: 1,
    maxConnections: view.maxConnections,
    breaker: 'closed',
    counted: false,
    up: false,
    binding: 0,
    seats: [],
    counts: [],
    desks: [],
  };
}

/** The code of BELIEVED for a member. */
export function beliefOf(member: Member): number {
  if (member.removed) return BELIEVED.removed;
  if (member.draining || member.disabled || member.agentDrains) return BELIEVED.draining;
  return member.failsChecks || member.ejected || member.agentDown ? BELIEVED.unhealthy : BELIEVED.healthy;
}

export function lifecycleOf(member: Member): Lifecycle {
  const belief = beliefOf(member);
  if (belief === BELIEVED.healthy && !member.judged) return 'registered';
  return (Object.keys(BELIEVED) as (keyof typeof BELIEVED)[]).find((name) => BELIEVED[name] === belief)!;
}

/** A member's weight as far as its agent and its slow start grant it. */
export function shareOf({ weight, agentPercent, rampFactor }: Member): number {
  return rampFactor * (agentPercent === 100 ? weight : Math.floor((weight * agentPercent) / 100));
}

/** May it still serve who is bound to it? `draining`: also while it drains. */
export function canBind(member: Member, draining: boolean): boolean {
  const { failsChecks, ejected, disabled, removed, agentDown, agentState, breaker } = member;
  if (failsChecks || ejected || disabled || removed || agentDown || agentState === 'maint') return false;
  return breaker !== 'open' && (draining || !(member.draining || member.agentDrains || member.weight === 0));
}

/**
 * All backends of all pools by the engine's index. What every pick reads stands in a column of its own: at ten thousand backends that is the
 * difference between memory near the processor and far from it.
 */
export class Roster {
  /** Counts the changes of who may serve whoever is bound to them. */
  revision = 0;
  readonly members: Member[] = [];
  readonly views: BackendView[] = [];
  /** Index of the backend's pool. */
  pool = new Uint16Array(64);
  /** 1 + the index of the pool whose picker may answer the backend now; 0: none may. */
  offeredBy = new Uint16Array(64);

  join(member: Member, pool: number): void {
    const { backend } = member;
    if (backend === this.pool.length) {
      this.pool = grown(this.pool);
      this.offeredBy = grown(this.offeredBy);
    }
    this.members.push(member);
    this.views.push(member.view);
    this.pool[backend] = pool;
  }
}
