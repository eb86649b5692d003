import { Clock } from '../../balancer/context.ts';
import { ln } from '../../core/maths.ts';
import { Prng } from '../../core/prng.ts';
import { geo } from '../../tier/geo.ts';
import { Alarms } from '../../world/alarms.ts';
import { Caches } from '../../world/dns/caches.ts';
import { NameServer, SiteView } from '../../world/dns/name-server.ts';
import { SiteChecks } from '../../world/dns/site-checks.ts';
import { EventQueue } from '../../world/event-queue.ts';
import { has, numberOf, toleranceOf, UNIT_US } from './row.ts';
import type { Check, Kind } from './row.ts';

/** A site behind a name dies: who still goes there, by the age of the change. */
export const names: Kind = {
  name: 'DNS after a change of records',
  takes: (row) => has(row, 'ttl_s'),
  measure(row, { seed }) {
    const ttlS = numberOf(row, 'ttl_s');
    const detectS = has(row, 'detect_s') ? numberOf(row, 'detect_s') : 0;
    if (has(row, 'query_rate_per_cache')) {
      const got = staleAtOnce(ttlS, numberOf(row, 'query_rate_per_cache'), detectS, seed);
      return { got, requests: CACHES };
    }
    const { residual, lostS } = decay(ttlS, detectS, seed);
    const got = [residual(0), residual(0.25), residual(0.5), residual(1), lostS];
    const expected = row.expected as readonly number[];
    const checks = expected.map((each, index): Check => {
      // The rows' note has it: seconds of traffic are within two per cent.
      const tolerance = index === 4 ? 0.02 * each : toleranceOf(row, each);
      return { expected: each, got: got[index], tolerance };
    });
    return { got, requests: CACHES, checks };
  },
};

/** Seconds of lost traffic scatter by TTL / sqrt(12 caches): 0.3 % of the TTL. */
const CACHES = 10_000;
/** When the site dies; by then every cache has asked by itself. */
const DIES_TTLS = 20;

class Site {
  readonly clock = new Clock();
  readonly caches: Caches;
  private readonly agenda = new EventQueue();
  private readonly alarms = new Alarms(this.clock, this.agenda);
  private readonly checks: SiteChecks;
  private isDead = false;

  constructor(ttlS: number, detectS: number, refetch: 'expiry' | 'demand', rng: Prng) {
    const views = ['near', 'far'].map((id) => new SiteView(id, Infinity));
    const resolver = geo({ ttlUs: Math.round(ttlS * UNIT_US) });
    const server = new NameServer(views, resolver, this.clock, rng.fork('resolver'));
    const checked = {
      count: 2,
      isUp: (site: number) => site !== 0 || !this.isDead,
      believe: (site: number, healthy: boolean) => {
        views[site]!.healthy = healthy;
      },
    };
    const check = { kind: 'after', downUs: Math.round(detectS * UNIT_US), upUs: 0 } as const;
    this.checks = new SiteChecks(check, checked, this.clock, this.alarms, rng.fork('checks'));
    const spec = {
      count: CACHES,
      refetch,
      overstay: { share: 0, forUs: 0 },
      rotates: true,
      distancesUs: [[10, 20]],
    };
    this.caches = new Caches(spec, server, this.clock, this.alarms, rng.fork('caches'));
  }

  goTo(atUs: number): void {
    const { agenda, clock } = this;
    while (agenda.nextUs <= atUs) {
      clock.nowUs = agenda.nextUs;
      const { nextSubject, nextStamp } = agenda;
      agenda.pop();
      this.alarms.ring(nextSubject, nextStamp);
    }
    clock.nowUs = atUs;
  }

  die(): void {
    this.isDead = true;
    this.checks.look(0);
  }

  /** The share of one question to each cache that is answered with the dead site. */
  get stale(): number {
    let found = 0;
    for (let cache = 0; cache < CACHES; cache += 1) if (this.caches.lookUp(cache, 0) === 0) found += 1;
    return found / CACHES;
  }
}

/** Caches that ask again as soon as an answer expires. `residual` is read in the order of time. */
export function decay(ttlS: number, detectS: number, seed: number) {
  const site = new Site(ttlS, detectS, 'expiry', new Prng(seed).fork('names'));
  const diesUs = DIES_TTLS * Math.round(ttlS * UNIT_US);
  site.goTo(diesUs);
  site.die();
  const changeUs = diesUs + Math.round(detectS * UNIT_US);
  const steps = 100;
  const shares: number[] = [];
  site.goTo(changeUs);
  const atChange = site.stale;
  for (let step = 0; step < steps; step += 1) {
    // In the middle of each step, and at its end.
    site.goTo(changeUs + Math.round(((step + 0.5) / steps) * ttlS * UNIT_US));
    shares.push(site.stale);
    site.goTo(changeUs + Math.round(((step + 1) / steps) * ttlS * UNIT_US));
    shares.push(site.stale);
  }
  const middles = shares.filter((_, at) => at % 2 === 0);
  const lostS = detectS + (middles.reduce((sum, share) => sum + share, 0) / steps) * ttlS;
  const residual = (part: number) => (part === 0 ? atChange : shares[Math.round(part * 2 * steps) - 1]!);
  return { residual, lostS };
}

/** Caches that ask only when somebody asks them, each at this rate on average. */
function staleAtOnce(ttlS: number, ratePerS: number, detectS: number, seed: number): number {
  const rng = new Prng(seed).fork('names');
  const site = new Site(ttlS, detectS, 'demand', rng);
  const diesUs = DIES_TTLS * Math.round(ttlS * UNIT_US);
  const questions = rng.fork('questions');
  for (let atUs = 0; ;) {
    atUs -= (ln(1 - questions.float()) / (ratePerS * CACHES)) * UNIT_US;
    if (atUs > diesUs) break;
    site.goTo(Math.round(atUs));
    site.caches.lookUp(questions.int(CACHES), 0);
  }
  site.goTo(diesUs);
  site.die();
  site.goTo(diesUs + Math.round(detectS * UNIT_US) + 1);
  return site.stale;
}
