import type { Clock } from '../../balancer/context.ts';
import type { Rng } from '../../core/policy.ts';
import type { Caches, Overstay } from './caches.ts';
import { whoOverstays } from './caches.ts';

/**
 * Look-ups of one client's users. A user has a resolver of its own among those of its group, and keeps no address itself: asking again costs nothing while
 * the resolver has the answer. Only users that overstay keep one: a program that resolves once and never again.
 */
export class Lookups {
  private readonly caches: Caches;
  private readonly count: number;
  /** Which kind of asker they are to the caches. */
  private readonly kind: number;
  private readonly overstay: Overstay;
  private readonly clock: Clock;
  private readonly overstays: readonly boolean[] | undefined;
  private readonly kept = new Map<number, { readonly site: number; readonly untilUs: number }>();

  constructor(
    users: number,
    caches: { readonly caches: Caches; readonly count: number; readonly kind: number },
    overstay: Overstay,
    clock: Clock,
    rng: Rng,
  ) {
    this.caches = caches.caches;
    this.count = caches.count;
    this.kind = caches.kind;
    this.overstay = overstay;
    this.clock = clock;
    this.overstays = overstay.share > 0 ? whoOverstays(users, overstay, rng) : undefined;
  }

  /** The site to which the user goes now. */
  siteFor(user: number): number {
    if (!this.overstays?.[user]) return this.caches.lookUp(user % this.count, this.kind);
    const nowUs = this.clock.nowUs;
    const kept = this.kept.get(user);
    if (kept !== undefined && nowUs < kept.untilUs) return kept.site;
    const site = this.caches.lookUp(user % this.count, this.kind);
    this.kept.set(user, { site, untilUs: nowUs + this.overstay.forUs });
    return site;
  }
}
