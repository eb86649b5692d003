/** What a change of the records does over time: the arithmetic of TTLs, with caches and checks as a scenario has them. */
import { describe, expect, test } from 'vitest';
import { Prng } from '../../../../engine/core/prng.ts';
import type { Resolver } from '../../../../engine/core/policy.ts';
import { geo } from '../../../../engine/tier/geo.ts';
import { roundRobinDns } from '../../../../engine/tier/round-robin-dns.ts';
import { Caches, type CachesSpec, type Overstay } from '../../../../engine/world/dns/caches.ts';
import { Lookups } from '../../../../engine/world/dns/lookups.ts';
import { NameServer, SiteView } from '../../../../engine/world/dns/name-server.ts';
import { SiteChecks, type SiteCheck } from '../../../../engine/world/dns/site-checks.ts';
import { s } from '../build.ts';
import { Ticking } from '../ticking.ts';

const NEVER: Overstay = { share: 0, forUs: 0 };
const CACHES: CachesSpec = { count: 4000, refetch: 'expiry', overstay: NEVER, rotates: true, distancesUs: [[10, 20]] };

interface Setup {
  readonly resolver: Resolver;
  readonly check?: SiteCheck;
  readonly caches?: Partial<CachesSpec>;
  readonly sites?: number;
  readonly seed?: number;
}

/** Sites `0`, `1`, … of which some are dead, and caches in front of them. */
function setUp({ resolver, check = { kind: 'after', downUs: 0, upUs: 0 }, caches = {}, sites = 2, seed = 1 }: Setup) {
  const ticking = new Ticking();
  const rng = new Prng(seed);
  const dead = new Set<number>();
  const views = Array.from({ length: sites }, (_, at) => new SiteView(String(at), Infinity));
  const nameServer = new NameServer(views, resolver, ticking.clock, rng.fork('resolver'));
  const checked = {
    count: sites,
    isUp: (site: number) => !dead.has(site),
    believe: (site: number, isHealthy: boolean) => {
      views[site]!.healthy = isHealthy;
    },
  };
  const checks = new SiteChecks(check, checked, ticking.clock, ticking.alarms, rng.fork('checks'));
  const spec = { ...CACHES, ...caches };
  const group = new Caches(spec, nameServer, ticking.clock, ticking.alarms, rng.fork('caches'));
  return {
    ticking,
    group,
    rng,
    die: (site: number) => {
      dead.add(site);
      checks.look(site);
    },
    revive: (site: number) => {
      dead.delete(site);
      checks.look(site);
    },
    views,
    /** The share of one look-up at each cache that goes to the site. */
    shareOf: (site: number) => {
      let there = 0;
      for (let cache = 0; cache < spec.count; cache++) if (group.lookUp(cache, 0) === site) there++;
      return there / spec.count;
    },
  };
}

// A share of 4,000 caches that are independent: standard deviation at most sqrt(1/4 / 4000) = 0.0079; five of them.
const SCATTER = 0.04;

describe('a site that dies behind a name', () => {
  test.each([
    [30, 30, 45],
    [300, 30, 180],
    [30, 0, 15],
    [60, 0, 30],
    [60, 14.5, 44.5],
  ])(
    'with TTL %i s and detection after %d s it costs %d s of traffic, falling in a straight line',
    (ttl, detect, lost) => {
      const { ticking, die, shareOf } = setUp({
        resolver: geo({ ttlUs: s(ttl) }),
        check: { kind: 'after', downUs: s(detect), upUs: 0 },
      });
      ticking.goTo(s(100));
      die(0);
      const residual = (afterS: number) => {
        ticking.goTo(s(100 + afterS));
        return shareOf(0);
      };
      if (detect > 0) expect(residual(detect - 0.001)).toBe(1);
      let sum = 0;
      const steps = 100;
      for (let step = 0; step < steps; step++) {
        const share = residual(detect + ((step + 0.5) / steps) * ttl);
        expect(Math.abs(share - (1 - (step + 0.5) / steps))).toBeLessThan(SCATTER);
        sum += share;
      }
      expect(residual(detect + ttl)).toBe(0);
      // The mean of a straight line, over 4,000 phases: each has standard deviation TTL / sqrt(12), their mean that of TTL / 219.
      expect(Math.abs(detect + (sum / steps) * ttl - lost)).toBeLessThan((5 * ttl) / 219);
    },
  );

  test('probes need 14.5 s on average at an interval of 5 s, a timeout of 2 s and three failures', () => {
    const check = { kind: 'probes', intervalUs: s(5), timeoutUs: s(2), fall: 3, rise: 1 } as const;
    const took = Array.from({ length: 400 }, (_, seed) => {
      const { ticking, die, views } = setUp({ resolver: geo(), check, caches: { count: 1 }, seed });
      ticking.goTo(s(100));
      die(0);
      let atS = 0;
      while (views[0]!.healthy) ticking.goTo(s(100 + (atS += 0.1)));
      return atS;
    });
    // Uniform between 12 and 17: the mean of 400 has standard deviation 5 / sqrt(12) / 20 = 0.072; steps of 0.1 s add up to that.
    expect(Math.min(...took)).toBeGreaterThan(11.99);
    expect(Math.max(...took)).toBeLessThan(17.11);
    expect(Math.abs(took.reduce((sum, one) => sum + one, 0) / took.length - 14.55)).toBeLessThan(0.4);
  });

  test('one failed probe is not enough, and a success in between begins the count anew', () => {
    const check = { kind: 'probes', intervalUs: s(5), timeoutUs: s(2), fall: 2, rise: 2 } as const;
    const { ticking, die, revive, views } = setUp({ resolver: geo(), check, caches: { count: 1 } });
    for (let round = 0; round < 5; round++) {
      die(0);
      ticking.goTo(ticking.clock.nowUs + s(5));
      revive(0);
      ticking.goTo(ticking.clock.nowUs + s(5));
      expect(views[0]!.healthy).toBe(true);
    }
  });

  test('a share of caches that overstay keeps its users at the dead site', () => {
    const { ticking, die, shareOf } = setUp({
      resolver: geo({ ttlUs: s(60) }),
      caches: { overstay: { share: 0.1, forUs: Infinity } },
    });
    ticking.goTo(s(60));
    die(0);
    ticking.goTo(s(600));
    // Binomial: standard deviation sqrt(0.1 x 0.9 / 4000) = 0.0047; five of them.
    expect(Math.abs(shareOf(0) - 0.1)).toBeLessThan(0.024);
  });

  test('when it comes back, the answers come back with it', () => {
    const { ticking, die, revive, shareOf } = setUp({ resolver: geo({ ttlUs: s(60) }) });
    die(0);
    ticking.goTo(s(61));
    expect(shareOf(0)).toBe(0);
    revive(0);
    ticking.goTo(s(122));
    expect(shareOf(0)).toBe(1);
  });
});

describe('caches that ask on demand', () => {
  test('one that is asked as rarely as its TTL answers stale half of the time after a change', () => {
    const { ticking, die, group, rng, shareOf } = setUp({
      resolver: geo({ ttlUs: s(60) }),
      caches: { refetch: 'demand' },
    });
    const asks = rng.fork('asks');
    // All caches together are asked 4,000 times as often as one; who is meant is drawn.
    const gapUs = s(60) / CACHES.count;
    for (let atUs = gapUs; atUs <= s(300); atUs += gapUs) {
      ticking.goTo(atUs);
      group.lookUp(asks.int(CACHES.count), 0);
    }
    die(0);
    ticking.goTo(s(300) + 1);
    expect(Math.abs(shareOf(0) - 0.5)).toBeLessThan(SCATTER);
  });
});

describe('round robin of addresses', () => {
  test('one of three that dies takes a third of the look-ups with it, until nobody has its address any more', () => {
    const { ticking, die, shareOf } = setUp({
      resolver: roundRobinDns({ ttlUs: s(60) }),
      check: { kind: 'after', downUs: s(30), upUs: 0 },
      sites: 3,
      caches: { distancesUs: [[0, 0, 0]] },
    });
    ticking.goTo(s(300));
    die(0);
    ticking.goTo(s(329));
    expect(Math.abs(shareOf(0) - 1 / 3)).toBeLessThan(SCATTER);
    ticking.goTo(s(360));
    expect(Math.abs(shareOf(0) - 1 / 6)).toBeLessThan(SCATTER);
    ticking.goTo(s(390));
    expect(shareOf(0)).toBe(0);
    expect(Math.abs(shareOf(1) - 1 / 2)).toBeLessThan(SCATTER);
  });

  test('a cache turns the addresses of an answer, unless it keeps their order', () => {
    const asked = (rotates: boolean) => {
      const { group } = setUp({ resolver: geo({ answers: 2 }), caches: { count: 1, rotates } });
      return [1, 2, 3, 4].map(() => group.lookUp(0, 0));
    };
    expect(asked(true)).toEqual([0, 1, 0, 1]);
    expect(asked(false)).toEqual([0, 0, 0, 0]);
  });
});

describe('who asks', () => {
  test('with ECS each place of users has an answer of its own', () => {
    const { group } = setUp({
      resolver: geo(),
      caches: {
        count: 1,
        distancesUs: [
          [10, 20],
          [20, 10],
        ],
      },
    });
    expect([group.lookUp(0, 0), group.lookUp(0, 1)]).toEqual([0, 1]);
  });

  test('users that never ask again stay where they were', () => {
    const { ticking, die, group, rng } = setUp({ resolver: geo({ ttlUs: s(10) }), caches: { count: 1 } });
    const users = 1000;
    const overstay = { share: 0.5, forUs: Infinity };
    const lookups = new Lookups(
      users,
      { caches: group, count: 1, kind: 0 },
      overstay,
      ticking.clock,
      rng.fork('users'),
    );
    const shareOfDead = () =>
      Array.from({ length: users }, (_, user) => lookups.siteFor(user)).filter((site) => site === 0).length / users;
    expect(shareOfDead()).toBe(1);
    die(0);
    ticking.goTo(s(11));
    // Binomial: standard deviation 0.0158; five of them.
    expect(Math.abs(shareOfDead() - 0.5)).toBeLessThan(0.08);
  });
});

describe('answers that are none', () => {
  const bad = (answer: object) => () => setUp({ resolver: { resolve: () => answer as never } });

  test('no site, an unknown site or no time is an error of the policy, and says what was answered', () => {
    expect(bad({ sites: [], ttlUs: 1 })).toThrow(/answered an array where ids of sites are expected/);
    expect(bad({ sites: ['9'], ttlUs: 1 })).toThrow(/answered the text "9" where ids of sites/);
    expect(bad({ sites: ['0'], ttlUs: -1 })).toThrow(/answered the number -1 as `ttlUs`/);
  });

  test('a time of 0 is kept by nobody: each look-up asks', () => {
    let asked = 0;
    const { group } = setUp({
      resolver: { resolve: () => (asked++, { sites: ['0'], ttlUs: 0 }) },
      caches: { count: 1 },
    });
    const before = asked;
    group.lookUp(0, 0);
    group.lookUp(0, 0);
    expect(asked - before).toBe(2);
  });
});
