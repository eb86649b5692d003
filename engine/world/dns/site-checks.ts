import type { Clock } from '../../balancer/context.ts';
import type { Rng } from '../../core/policy.ts';
import type { Alarms, Row } from '../alarms.ts';

/** How the name server learns that a site has died, or is back. */
export type SiteCheck =
  | {
      readonly kind: 'probes';
      readonly intervalUs: number;
      readonly timeoutUs: number;
      /** So many failures in a row take the site out, so many successes bring it back. */
      readonly fall: number;
      readonly rise: number;
    }
  /** Always after the same time: for sums, where a mean says enough. */
  | { readonly kind: 'after'; readonly downUs: number; readonly upUs: number };

/** What checks ask and tell. */
export interface Checked {
  readonly count: number;
  isUp(site: number): boolean;
  believe(site: number, isHealthy: boolean): void;
}

/** The name server's health checks of its sites: every site is probed at its own phase, and believed healthy at first. */
export class SiteChecks {
  private readonly check: SiteCheck;
  private readonly sites: Checked;
  private readonly clock: Clock;
  private readonly sends: Row;
  private readonly results: Row;
  private readonly healthy: boolean[];
  /** Results in a row that contradict what is believed. */
  private readonly against: number[];

  constructor(check: SiteCheck, sites: Checked, clock: Clock, alarms: Alarms, rng: Rng) {
    this.check = check;
    this.sites = sites;
    this.clock = clock;
    this.healthy = Array.from({ length: sites.count }, () => true);
    this.against = this.healthy.map(() => 0);
    this.sends = alarms.row(sites.count, (site) => {
      this.send(site);
    });
    this.results = alarms.row(sites.count, (site) => {
      this.conclude(site);
    });
    if (check.kind !== 'probes') return;
    for (let site = 0; site < sites.count; site++) this.sends.set(site, Math.floor(rng.float() * check.intervalUs));
  }

  /** The truth about a site may have changed. Probes find out by themselves. */
  look(site: number): void {
    if (this.check.kind === 'probes') return;
    const isUp = this.sites.isUp(site);
    if (isUp === this.healthy[site]) this.results.cancel(site);
    else this.results.set(site, this.clock.nowUs + (isUp ? this.check.upUs : this.check.downUs));
  }

  private send(site: number): void {
    if (this.check.kind !== 'probes') return;
    const { intervalUs, timeoutUs } = this.check;
    // A probe that is answered is answered at once: round trips are short beside these intervals.
    if (this.sites.isUp(site)) this.count(site, true);
    else this.results.set(site, this.clock.nowUs + timeoutUs);
    this.sends.set(site, this.clock.nowUs + intervalUs);
  }

  /** A probe was not answered in time, or the fixed time is over. */
  private conclude(site: number): void {
    if (this.check.kind === 'probes') this.count(site, false);
    else this.turn(site);
  }

  private count(site: number, passed: boolean): void {
    if (this.check.kind !== 'probes') return;
    if (passed === this.healthy[site]) {
      this.against[site] = 0;
      return;
    }
    const needed = passed ? this.check.rise : this.check.fall;
    if (++this.against[site]! >= needed) this.turn(site);
  }

  private turn(site: number): void {
    this.against[site] = 0;
    this.healthy[site] = !this.healthy[site]!;
    this.sites.believe(site, this.healthy[site]);
  }
}
