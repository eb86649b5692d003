/** What the least-loaded pickers are like, beyond the contract: where they agree, how ties spread, and where the ones by latency go wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import type { Picker } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView } from '../../../engine/core/request.ts';
import { apacheByBusyness } from '../../../engine/pickers/apache-by-busyness.ts';
import { caddyLeastConnections } from '../../../engine/pickers/caddy-least-connections.ts';
import { caddyRandomChoose } from '../../../engine/pickers/caddy-random-choose.ts';
import { envoyLeastRequest } from '../../../engine/pickers/envoy-least-request.ts';
import { first } from '../../../engine/pickers/first.ts';
import { haproxyLeastConnections } from '../../../engine/pickers/haproxy-least-connections.ts';
import { leastBandwidth } from '../../../engine/pickers/least-bandwidth.ts';
import { leastLoad } from '../../../engine/pickers/least-load.ts';
import { leastResponseTime } from '../../../engine/pickers/least-response-time.ts';
import { nginxLeastConnections } from '../../../engine/pickers/nginx-least-connections.ts';
import { nginxLeastTime } from '../../../engine/pickers/nginx-least-time.ts';
import { nginxRandomTwo } from '../../../engine/pickers/nginx-random-two.ts';
import { peakEwma } from '../../../engine/pickers/peak-ewma.ts';
import { powerOfTwoChoices } from '../../../engine/pickers/power-of-two-choices.ts';
import { traefikLeastTime } from '../../../engine/pickers/traefik-least-time.ts';
import { weightedLeastConnections } from '../../../engine/pickers/weighted-least-connections.ts';
import { commands, obey } from '../../contract/commands.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

const equal = [1, 1, 1, 1];

describe('with equal weights nobody eligible has fewer requests in flight than the chosen one', () => {
  test.each<[string, () => Picker]>([
    ['weighted', weightedLeastConnections],
    ['nginx', nginxLeastConnections],
    ['HAProxy, but for the first request on an idle one', haproxyLeastConnections],
    ['Apache', apacheByBusyness],
    ['Caddy', caddyLeastConnections],
    ['Envoy over all', () => envoyLeastRequest({ fullScan: true })],
    ['least load', leastLoad],
    ['choices as many as backends', () => powerOfTwoChoices({ choices: 99 })],
    ['choose as many as backends', () => caddyRandomChoose({ choices: 99 })],
  ])('%s', (_name, make) => {
    // Weight changes come in the commands: only sends, ends and drains are kept, so that weights stay equal.
    fc.assert(
      fc.property(fc.nat(), commands, (seed, sequence) => {
        const pool = new SmallPool(make(), seed, equal);
        for (const command of sequence) {
          if (!['send', 'end', 'drain'].includes(command.do)) continue;
          const fewest = Math.min(...pool.eligible.map((view) => view.inFlight));
          const picked = obey(pool, command)?.picked;
          if (picked !== undefined) expect(picked.inFlight).toBe(fewest + 1);
        }
      }),
    );
  });
});

describe('ties spread', () => {
  test('weighted least connections deals an idle pool out by weight, one after the other', () => {
    expect(new SmallPool(weightedLeastConnections(), 1, [3, 1, 2]).sequence(12).join(' ')).toBe(
      'b0 b2 b0 b0 b1 b2 b0 b2 b0 b0 b1 b2',
    );
  });

  test('HAProxy forgets weights while idle: 10 to 1 takes turns; nginx keeps them', () => {
    expect(countsOf(new SmallPool(haproxyLeastConnections(), 1, [10, 1]).sequence(110))).toEqual({ b0: 55, b1: 55 });
    expect(countsOf(new SmallPool(nginxLeastConnections(), 1, [10, 1]).sequence(110))).toEqual({ b0: 100, b1: 10 });
  });

  test('requests that pile up go in a snake at nginx, in rounds at HAProxy and Apache', () => {
    const pile = (make: () => Picker) => {
      const pool = new SmallPool(make(), 1, [1, 1, 1]);
      return Array.from({ length: 9 }, () => pool.send()!.id[1]).join('');
    };
    expect(pile(nginxLeastConnections)).toBe('012210012');
    expect(pile(haproxyLeastConnections)).toBe('012012012');
    expect(pile(apacheByBusyness)).toBe('012012012');
  });

  test('the load per weight of piled-up requests is even to within one request', () => {
    const weights = [5, 1, 3, 1];
    const pool = new SmallPool(weightedLeastConnections(), 1, weights);
    for (let i = 0; i < 100; i += 1) pool.send();
    pool.eligible.forEach((view, slot) => {
      expect(Math.abs(view.inFlight - 10 * weights[slot]!)).toBeLessThanOrEqual(1);
    });
  });
});

describe('the busiest of all', () => {
  const chosen = (make: () => Picker) => {
    const pool = new SmallPool(make(), 5, equal);
    setInFlight(pool.eligible[2]!, 9);
    return countsOf(pool.sequence(4_000)).b2 ?? 0;
  };

  test('two different draws never choose it', () => {
    expect(chosen(powerOfTwoChoices)).toBe(0);
    expect(chosen(nginxRandomTwo)).toBe(0);
  });

  test('draws that repeat do, once in n^2', () => {
    // Binomial(4,000, 1/16): mean 250, standard deviation 15.3; five of them.
    for (const make of [envoyLeastRequest, () => powerOfTwoChoices({ sampling: 'repeated' })])
      expect(Math.abs(chosen(make) - 250)).toBeLessThan(77);
  });

  test('a choice that keeps the busier in its list of ties does, one that empties it does not', () => {
    const choose = (keepsBusier: boolean) => {
      const pool = new SmallPool(caddyRandomChoose({ choices: 4, keepsBusier }), 5, equal);
      [9, 3, 3, 3].forEach((count, slot) => setInFlight(pool.eligible[slot]!, count));
      return countsOf(pool.sequence(400)).b0 ?? 0;
    };
    expect(choose(false)).toBe(0);
    expect(choose(true)).toBeGreaterThan(0);
  });
});

test('first fills one after the other, comes back to whom has room, and declines when all are full', () => {
  const views = [1, 2, 3].map((number) => new BackendView(number, `s${number}`, 'a', 1, { number, maxConnections: 2 }));
  const picker = first();
  const ctx = { nowUs: 0, rng: new Prng(1) };
  const request = new RequestView(1, 1, template);
  const start = () => {
    const view = picker.pick(views, request, ctx) as BackendView | undefined;
    if (view === undefined) return undefined;
    setInFlight(view, view.inFlight + 1);
    picker.onRequestStart?.(view, request, ctx);
    return view.id;
  };
  picker.onPoolChange?.(views, ctx);
  expect(Array.from({ length: 7 }, start)).toEqual(['s1', 's1', 's2', 's2', 's3', 's3', undefined]);
  setInFlight(views[1]!, 1);
  picker.onRequestEnd?.(views[1]!, request, { kind: 'served', status: 200, latencyUs: 1, bytes: 0 }, ctx);
  expect([start(), start()]).toEqual(['s2', undefined]);
});

const template = { client: 'c1', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

/**
 * One request every millisecond; backend i answers after `latencyUs[i]`, with an error if it is `broken`. Answers how many of the last half of the requests each got.
 */
function shares(make: () => Picker, latencyUs: readonly number[], broken?: number, count = 4_000): number[] {
  const views = latencyUs.map((_, slot) => new BackendView(slot, `b${slot}`, 'a', 1));
  const picker = make();
  const ctx = { nowUs: 0, rng: new Prng(3) };
  const request = new RequestView(1, 1, template);
  const open: { endUs: number; view: BackendView; slot: number }[] = [];
  const got = latencyUs.map(() => 0);
  picker.onPoolChange?.(views, ctx);
  for (let sent = 0; sent < count; sent += 1) {
    const nowUs = sent * 1_000;
    for (;;) {
      const next = open.toSorted((a, b) => a.endUs - b.endUs)[0];
      if (next === undefined || next.endUs > nowUs) break;
      open.splice(open.indexOf(next), 1);
      ctx.nowUs = next.endUs;
      setInFlight(next.view, next.view.inFlight - 1);
      const status = next.slot === broken ? 500 : 200;
      const outcome = { kind: 'served', status, latencyUs: latencyUs[next.slot]!, bytes: 1_000 } as const;
      picker.onRequestEnd?.(next.view, request, outcome, ctx);
    }
    ctx.nowUs = nowUs;
    const view = picker.pick(views, request, ctx) as BackendView;
    const slot = views.indexOf(view);
    setInFlight(view, view.inFlight + 1);
    picker.onRequestStart?.(view, request, ctx);
    open.push({ endUs: nowUs + latencyUs[slot]!, view, slot });
    if (sent >= count / 2) got[slot]! += 1;
  }
  return got;
}

describe('by latency', () => {
  const byLatency: [string, () => Picker][] = [
    ['peak EWMA', peakEwma],
    ['least response time', leastResponseTime],
    ['two choices by EWMA', () => powerOfTwoChoices({ metric: 'ewma' })],
    ['least time of nginx', nginxLeastTime],
    ['least time of Traefik', traefikLeastTime],
  ];

  test.each(byLatency)('%s sends a backend ten times as slow less than half of its equal share', (_name, make) => {
    const [, , , slow] = shares(make, [40_000, 40_000, 40_000, 400_000]);
    expect(slow).toBeLessThan(2_000 / 8);
  });

  test.each(byLatency)(
    'the pitfall: %s takes fast errors for speed and gives the broken backend most of the traffic',
    (_name, make) => {
      const [, , , broken] = shares(make, [40_000, 40_000, 40_000, 900], 3);
      expect(broken).toBeGreaterThan(2_000 / 2);
    },
  );

  test('least connections falls for it as well, round robin by design does not', () => {
    const [, , , broken] = shares(leastLoad, [40_000, 40_000, 40_000, 900], 3);
    expect(broken).toBeGreaterThan(2_000 / 2);
  });

  test('a cold server takes everything at Traefik until its first answer comes back; at nginx it counts as 20 ms', () => {
    const cold = (make: () => Picker) => {
      const pool = new SmallPool(make(), 1, [1, 1]);
      for (let i = 0; i < 10; i += 1) pool.sequence(1);
      pool.add(1);
      return Array.from({ length: 12 }, () => pool.send()!.id);
    };
    expect(countsOf(cold(traefikLeastTime))).toEqual({ b2: 12 });
    expect(countsOf(cold(nginxLeastTime))).toEqual({ b0: 4, b1: 4, b2: 4 });
  });

  test('least response time spreads a cold pool by what is in flight', () => {
    const pool = new SmallPool(leastResponseTime(), 1, equal);
    expect(countsOf(Array.from({ length: 8 }, () => pool.send()!.id))).toEqual({ b0: 2, b1: 2, b2: 2, b3: 2 });
  });
});

test('least bandwidth goes to whoever moved the fewest bytes, and forgets', () => {
  const views = [0, 1].map((slot) => new BackendView(slot, `b${slot}`, 'a', 1));
  const picker = leastBandwidth({ decayUs: 1_000_000 });
  const ctx = { nowUs: 0, rng: new Prng(1) };
  const request = new RequestView(1, 1, template);
  const answer = (slot: number, bytes: number) => {
    picker.onRequestEnd?.(views[slot]!, request, { kind: 'served', status: 200, latencyUs: 1, bytes }, ctx);
  };
  picker.onPoolChange?.(views, ctx);
  answer(0, 1_000_000);
  answer(1, 1_000);
  expect(picker.pick(views, request, ctx)?.id).toBe('b1');
  // After 8 s the million is 1,000,000 / e^8 = 335.
  ctx.nowUs = 8_000_000;
  answer(1, 1_000);
  expect(picker.pick(views, request, ctx)?.id).toBe('b0');
});
