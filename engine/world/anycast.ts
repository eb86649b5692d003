import type { Clock } from '../balancer/context.ts';
import { sampler } from '../core/distributions.ts';
import type { Distribution } from '../core/distributions.ts';
import type { Prng } from '../core/prng.ts';
import type { Alarms, Row } from './alarms.ts';

/** How the routers beside a site learn that it has died without a word. */
export interface Sessions {
  /** BGP (RFC 4271): the session ends when nothing was heard for `holdUs`; keepalives come every `keepaliveUs`. */
  readonly holdUs: number;
  readonly keepaliveUs: number;
  /** BFD (RFC 5880): the session ends after `multiplier` intervals of silence. undefined: without it. */
  readonly bfd: { readonly intervalUs: number; readonly multiplier: number } | undefined;
}

export interface AnycastSpec {
  readonly sites: number;
  /** For each network of clients its sites, the best first: by topology, which knows no capacity. */
  readonly preferences: readonly (readonly number[])[];
  readonly sessions: Sessions;
  /** From a change of a site's route to a network's routers acting on it; drawn for each network. */
  readonly convergence: Distribution;
}

/**
 * One prefix that many sites announce. Each network of clients sends its packets to the best site whose route it has.
 *
 * A site that withdraws its route is left as soon as the withdrawal has travelled (`convergence`). One that dies in silence is still announced by the routers
 * beside it until their session with it ends: 60 to 90 seconds at the timers RFC 4271 suggests, or the interval times multiplier of BFD. Its packets are
 * lost so long.
 *
 * Packets of a connection follow the route like any others: after a change they reach a site that knows nothing of the connection.
 *
 * Simplified: networks do not explore paths while they converge, routes that flap are not damped (RFC 2439), and who has no route at all keeps none.
 *
 * Source: RFC 4786 (anycast), RFC 4271 section 10 (hold time), RFC 5880 (BFD).
 */
export class Anycast {
  private readonly spec: AnycastSpec;
  private readonly clock: Clock;
  private readonly convergence: () => number;
  /** Does the network have the site's route? network x sites. */
  private readonly routes: boolean[];
  /** What it will have once the news has come. */
  private readonly coming: boolean[];
  private readonly news: Row;
  private readonly holds: Row;
  /** When each site's keepalives are sent, within their interval. */
  private readonly phasesUs: readonly number[];
  private readonly announced: boolean[];
  /** The site each network uses; -1: no route. */
  private readonly best: number[];
  private readonly moved: () => void;

  /** `moved` is told when a network's packets go elsewhere. */
  constructor(spec: AnycastSpec, clock: Clock, alarms: Alarms, rng: Prng, moved: () => void) {
    this.spec = spec;
    this.moved = moved;
    this.clock = clock;
    this.convergence = sampler(spec.convergence, rng.fork('convergence'));
    this.routes = Array.from({ length: spec.preferences.length * spec.sites }, () => true);
    this.coming = this.routes.slice();
    this.announced = Array.from({ length: spec.sites }, () => true);
    this.news = alarms.row(this.routes.length, (route) => {
      this.learn(route);
    });
    this.holds = alarms.row(spec.sites, (site) => {
      this.spread(site, false);
    });
    const phases = rng.fork('keepalives');
    this.phasesUs = this.announced.map(() => Math.floor(phases.float() * spec.sessions.keepaliveUs));
    this.best = spec.preferences.map(([first]) => first ?? -1);
  }

  /** Where the network's packets go now; -1: nowhere. */
  siteOf(network: number): number {
    return this.best[network]!;
  }

  /** The site says that it is no longer to be used. */
  withdraw(site: number): void {
    this.holds.cancel(site);
    if (this.announced[site]) this.spread(site, false);
  }

  /** The site announces the prefix (again). */
  announce(site: number): void {
    this.holds.cancel(site);
    if (!this.announced[site]) this.spread(site, true);
  }

  /** The site is silent from now on: it still gets its packets, until its neighbours notice. */
  fallSilent(site: number): void {
    if (this.announced[site]) this.holds.set(site, this.clock.nowUs + this.noticedAfterUs(site));
  }

  private noticedAfterUs(site: number): number {
    const { bfd, holdUs, keepaliveUs } = this.spec.sessions;
    if (bfd !== undefined) return bfd.intervalUs * bfd.multiplier;
    const sinceKeepaliveUs = (this.clock.nowUs + keepaliveUs - this.phasesUs[site]!) % keepaliveUs;
    return holdUs - sinceKeepaliveUs;
  }

  /** The news that a route is there, or not, goes out to all networks. */
  private spread(site: number, isAnnounced: boolean): void {
    this.announced[site] = isAnnounced;
    for (let network = 0; network < this.best.length; network++) {
      const route = network * this.spec.sites + site;
      this.coming[route] = isAnnounced;
      this.news.set(route, this.clock.nowUs + this.convergence());
    }
  }

  private learn(route: number): void {
    this.routes[route] = this.coming[route]!;
    const network = Math.floor(route / this.spec.sites);
    const first = network * this.spec.sites;
    const best = this.spec.preferences[network]!.find((site) => this.routes[first + site]) ?? -1;
    if (best === this.best[network]) return;
    this.best[network] = best;
    this.moved();
  }
}
