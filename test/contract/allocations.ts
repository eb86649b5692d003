/**
 * Bytes that the pickers named in the arguments leave on the heap for one pick: a pick, its start and, 64 requests later, its end, with everything the engine hands in made
 * beforehand. To be run by Node with --expose-gc and a young generation too large to be collected meanwhile: then what the heap grows by is what was made, no
 * matter how fast the machine is. The least of several rounds counts, as the compiler leaves things there too and code that is not yet compiled makes number objects;
 * there are no more rounds than it takes to come down to the bound, the first argument. Prints JSON.
 */
import { BackendView, setInFlight } from '../../engine/core/backend.ts';
import type { Outcome, Picker } from '../../engine/core/policy.ts';
import { Prng } from '../../engine/core/prng.ts';
import { RequestView } from '../../engine/core/request.ts';
import { policiesFor } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';

const PICKS = 100_000;
const MOST_ROUNDS = 12;
const OPEN = 64;
const USERS = 1_024;
const BACKENDS = 20;

const outcome: Outcome = { kind: 'served', status: 200, latencyUs: 5_000, bytes: 1_000 };
const template = { client: 'c', class: 'default', method: 'GET', host: 'h', path: '/', headers: {} };
const requests = Array.from({ length: USERS }, (_, user) => new RequestView(user + 1, user + 1, template, user));

function make(name: string): Picker {
  const input = {
    name: 'allocations',
    title: 'Allocations',
    shows: 'What a pick leaves behind.',
    durationUs: 1,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: 1 } }],
    pools: [{ picker: { name }, backends: [{ id: 's', service: { default: { kind: 'exponential', meanUs: 1 } } }] }],
  };
  const [pool] = policiesFor(parseScenario(input, 'the measurement')).pools.values();
  return pool!.picker;
}

function bytesPerPick(picker: Picker): number {
  const pool = Array.from({ length: BACKENDS }, (_, slot) => new BackendView(slot, `s${slot}`, 'a', 1 + (slot % 3)));
  const ctx = { nowUs: 0, rng: new Prng(1) };
  picker.onMembersChange?.(pool, ctx);
  picker.onPoolChange?.(pool, ctx);
  const open = Array.from({ length: OPEN }, (): BackendView | undefined => undefined);
  let next = 0;
  const run = () => {
    for (let left = PICKS; left > 0; left--) {
      const place = next % OPEN;
      const ended = open[place];
      if (ended !== undefined) {
        setInFlight(ended, ended.inFlight - 1);
        picker.onRequestEnd?.(ended, requests[(next - OPEN) % USERS]!, outcome, ctx);
      }
      const request = requests[next % USERS]!;
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
  let least = Infinity;
  for (let round = 0; round < MOST_ROUNDS && least > bound * PICKS; round++) {
    globalThis.gc!();
    const before = process.memoryUsage().heapUsed;
    run();
    least = Math.min(least, process.memoryUsage().heapUsed - before);
  }
  return least / PICKS;
}

/** What shows that the measurement would notice: it leaves one small object with each pick. */
const wasteful: Picker = {
  pick: (backends) => [...backends].at(0),
};

const [bound, ...names] = [Number(process.argv[2]), ...process.argv.slice(3)];
const found = Object.fromEntries(names.map((name) => [name, bytesPerPick(make(name))]));
console.log(JSON.stringify({ found, wasteful: bytesPerPick(wasteful) }));
