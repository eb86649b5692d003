import { PolicyContext } from '../../balancer/context.ts';
import type { Clock } from '../../balancer/context.ts';
import { PolicyError } from '../../balancer/policy-error.ts';
import type { Resolver, Rng, Site } from '../../core/policy.ts';

/** What the name server believes of a site, and what its policy sees of it. */
export class SiteView implements Site {
  readonly id: string;
  readonly capacityRps: number;
  healthy = true;
  loadRps = 0;

  constructor(id: string, capacityRps: number) {
    this.id = id;
    this.capacityRps = capacityRps;
  }
}

export interface Answer {
  /** Indices of sites, in the order of the answer. */
  readonly sites: readonly number[];
  readonly ttlUs: number;
}

/** The authoritative name server: asks its policy, and lets nothing pass that is no answer. */
export class NameServer {
  readonly sites: readonly SiteView[];
  private readonly resolver: Resolver;
  private readonly context: PolicyContext;
  private readonly places: ReadonlyMap<string, number>;

  constructor(sites: readonly SiteView[], resolver: Resolver, clock: Clock, rng: Rng) {
    this.sites = sites;
    this.resolver = resolver;
    this.context = new PolicyContext(clock, rng);
    this.places = new Map(sites.map(({ id }, at) => [id, at]));
  }

  /** `distancesUs`: the round trips from who asks to the sites, in their order. */
  ask(distancesUs: readonly number[]): Answer {
    const { sites, ttlUs } = this.resolver.resolve(this.sites, distancesUs, this.context);
    if (!Number.isInteger(ttlUs) || ttlUs < 0) throw this.error('not-a-ttl', ttlUs);
    if (!Array.isArray(sites) || sites.length === 0) throw this.error('no-site', sites);
    return { sites: sites.map((id: string) => this.placeOf(id)), ttlUs };
  }

  private placeOf(id: string): number {
    const at = this.places.get(id);
    if (at === undefined) throw this.error('no-site', id);
    return at;
  }

  private error(kind: 'not-a-ttl' | 'no-site', answer: unknown): PolicyError {
    return new PolicyError(kind, this.context.nowUs, 0, answer);
  }
}
