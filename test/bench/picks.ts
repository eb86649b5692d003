/**
 * Picks per second of every registered picker, and how long it takes to hear of 10,000 backends. A pick here is what one request costs: pick, start and, 64
 * requests later, end; requests come from 4,096 addresses. A pool of 10,000 and one of 10 differ in the walk over memory alone if a picker is O(1).
 */
import { BackendView, setInFlight } from '../../engine/core/backend.ts';
import type { Outcome, Picker } from '../../engine/core/policy.ts';
import { Prng } from '../../engine/core/prng.ts';
import { RequestView } from '../../engine/core/request.ts';
import { policiesFor } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { pickerNames } from '../../engine/registry.ts';
import { busySeconds } from './busy.ts';

const SIZES = [10, 100, 1_000, 10_000];
const SECONDS = 0.1;
const ROUNDS = 3;
const OPEN = 64;
const ADDRESSES = 4_096;
/** Their real systems look at every backend, and so do they. */
const LINEAR: readonly string[] = [
  'smooth-weighted-round-robin',
  'nginx-round-robin',
  'caddy-weighted-round-robin',
  'nginx-least-connections',
  'apache-by-busyness',
  'caddy-least-connections',
  'caddy-random-choose',
  'nginx-least-time',
  'traefik-least-time',
  'rendezvous',
];

export function benchPicks(only: readonly string[]): void {
  const names = only.length > 0 ? pickerNames.filter((name) => only.includes(name)) : pickerNames;
  console.log(`Picks per second in millions, best of ${ROUNDS}; Node ${process.version}\n`);
  console.log(
    `| picker | ${SIZES.map((size) => size.toLocaleString('en')).join(' | ')} | cost 10 to 10,000 | build, ms |`,
  );
  console.log(`|---|${SIZES.map(() => '---:').join('|')}|---:|---:|`);
  for (const name of names) {
    const speeds = SIZES.map((size) => picksPerSecond(name, size));
    const cells = speeds.map((speed) => (speed / 1_000_000).toPrecision(3));
    const ratio = speeds[0]! / speeds[speeds.length - 1]!;
    const buildMs = buildSeconds(name, SIZES[SIZES.length - 1]!) * 1000;
    const marked = LINEAR.includes(name) ? `${name}, O(n)` : name;
    console.log(`| ${marked} | ${cells.join(' | ')} | ${ratio.toPrecision(2)} | ${buildMs.toFixed(1)} |`);
  }
}

const outcome: Outcome = { kind: 'served', status: 200, latencyUs: 5_000, bytes: 1_000 };
const template = { client: 'c', class: 'default', method: 'GET', host: 'h', path: '/', headers: {} };
const requests = Array.from({ length: ADDRESSES }, (_, user) => new RequestView(user + 1, user + 1, template, user));

function poolOf(size: number): BackendView[] {
  return Array.from({ length: size }, (_, slot) => new BackendView(slot, `s${slot}`, 'a', 1));
}

function make(name: string): Picker {
  const input = {
    name: 'bench',
    title: 'Bench',
    shows: 'How fast a picker is.',
    durationUs: 1,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: 1 } }],
    pools: [{ picker: { name }, backends: [{ id: 's', service: { default: { kind: 'exponential', meanUs: 1 } } }] }],
  };
  const [pool] = policiesFor(parseScenario(input, 'the bench')).pools.values();
  return pool!.picker;
}

function buildSeconds(name: string, size: number): number {
  const pool = poolOf(size);
  const ctx = { nowUs: 0, rng: new Prng(1) };
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const picker = make(name);
    best = Math.min(
      best,
      busySeconds(() => {
        picker.onMembersChange?.(pool, ctx);
        picker.onPoolChange?.(pool, ctx);
      }),
    );
  }
  return best;
}

function picksPerSecond(name: string, size: number): number {
  const picker = make(name);
  const pool = poolOf(size);
  const ctx = { nowUs: 0, rng: new Prng(1) };
  picker.onMembersChange?.(pool, ctx);
  picker.onPoolChange?.(pool, ctx);
  const open: (BackendView | undefined)[] = Array.from({ length: OPEN }, () => undefined);
  let next = 0;
  const run = (picks: number) => {
    for (let i = 0; i < picks; i++) {
      const place = next % OPEN;
      const ended = open[place];
      const endedRequest = requests[(next - OPEN + ADDRESSES) % ADDRESSES]!;
      if (ended !== undefined) {
        setInFlight(ended, ended.inFlight - 1);
        picker.onRequestEnd?.(ended, endedRequest, outcome, ctx);
      }
      const request = requests[next % ADDRESSES]!;
      const picked = picker.pick(pool, request, ctx) as BackendView | undefined;
      if (picked !== undefined) {
        setInFlight(picked, picked.inFlight + 1);
        picker.onRequestStart?.(picked, request, ctx);
      }
      open[place] = picked;
      ctx.nowUs += 50;
      next++;
    }
  };
  // Grow the batch until it takes long enough to be measured; the shorter ones warm the code up.
  let picks = 64;
  while (busySeconds(() => run(picks)) < SECONDS / 4 && picks < 10_000_000) picks *= 4;
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, picks / busySeconds(() => run(picks)));
  return best;
}
