import { slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import type { AffinityPolicy } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';
import { PolicyError } from './policy-error.ts';
import { NO_BACKEND } from './pool.ts';
import type { Pool } from './pool.ts';
import type { Roster } from './roster.ts';

/** Asks the affinity policy of one pool. Who drains is still found by those bound to it; who is unhealthy, or gone, is not. */
export class Stickiness {
  private readonly policy: AffinityPolicy;
  private readonly pool: Pool;
  private readonly waits: boolean;
  private readonly roster: Roster;
  private readonly context: PolicyContext;
  private bindable: readonly BackendView[] = [];
  private seen = -1;

  /** `waits`: the pool has a queue. */
  constructor(policy: AffinityPolicy, pool: Pool, roster: Roster, context: PolicyContext, waits: boolean) {
    this.waits = waits;
    this.policy = policy;
    this.pool = pool;
    this.roster = roster;
    this.context = context;
  }

  /** The index of the backend the request belongs to, or NO_BACKEND. */
  find(request: RequestView): number {
    this.refresh();
    if (this.bindable.length === 0) return NO_BACKEND;
    const answer: unknown = this.policy.find(this.bindable, request, this.context);
    if (answer === undefined) return NO_BACKEND;
    const slot = slotOf(answer);
    if (slot < 0) throw new PolicyError('not-a-backend', this.context.nowUs, request.id, answer);
    if (!this.pool.isBindable(slot, this.policy.skipsDraining !== true))
      throw new PolicyError('not-eligible', this.context.nowUs, request.id, answer);
    // Who has no room is passed over once, unless its clients may wait for it; the client stays bound to whoever serves it then.
    return (answer as BackendView).full && !this.waits ? NO_BACKEND : slot;
  }

  /** The request goes to this backend. Answers the cookie to set on the response. */
  remember(backend: BackendView, request: RequestView): string | undefined {
    return this.policy.remember(backend, request, this.context);
  }

  /** The backend's response sets a cookie. */
  learn(backend: BackendView, request: RequestView, cookie: string): void {
    this.policy.learn?.(backend, request, cookie, this.context);
  }

  private refresh(): void {
    if (this.seen === this.roster.revision) return;
    this.seen = this.roster.revision;
    this.bindable = this.pool.bindable(this.policy.skipsDraining !== true);
    this.policy.onPoolChange?.(this.bindable, this.context);
  }
}
