/**
 * Prequal: asks a few backends for their load beside each request, and sends the request by the answers it already has. An answer says how many requests are in flight there, from
 * all balancers, and how long one takes now.
 *
 * Hot is a backend above the 0.84 quantile of the requests in flight lately reported. Among the cold the fastest is chosen; if all are hot, the one with the fewest
 * in flight. The pool holds 16 answers, none older than a second; each is used a few times (the budget below) and counts one request more after each use. After
 * each pick one answer is dropped, the oldest and the worst in turn. With fewer than two answers the choice is random.
 *
 * Reuse budget: b = max(1, (1 + δ) / ((1 - m/n) r_probe - r_remove)) for a pool of m answers and n backends, rounded up or down at random; unbounded where the
 * probes would not last.
 *
 * Cost: O(m) a pick with m = 16, whatever n; O(history) an answer; O(m) a change of the pool. And `probes` messages for each request.
 *
 * Fails when: backends lie or fail fast (a quick error is a short latency), or the pool is smaller than the answers kept: then everybody is probed and the last answer rules.
 *
 * Source: Wydrowski et al., "Load is not what you should balance: introducing Prequal", NSDI 2024; defaults as prequal-rs has them. The nearest-rank quantile and its
 * history of 128 answers are our choice. Left out: ejecting backends that err; that is a health policy's business here.
 */
import type { Backend, Picker, Rng } from '../core/policy.ts';
import { ProbePool } from './probe-pool.ts';

export interface PrequalOptions {
  readonly poolSize?: number;
  readonly maxAgeUs?: number;
  /** A mean: fractions are carried over to the next request. */
  readonly probesPerRequest?: number;
  readonly removalsPerRequest?: number;
  readonly quantile?: number;
  readonly delta?: number;
}

const HISTORY = 128;
const FEWEST_ANSWERS = 2;

export function prequal({
  poolSize = 16,
  maxAgeUs = 1_000_000,
  probesPerRequest = 3,
  removalsPerRequest = 1,
  quantile = 0.84,
  delta = 1,
}: PrequalOptions = {}): Picker {
  const pool = new ProbePool(poolSize);
  const reported = new RecentQuantile(quantile);
  let eligible: ReadonlySet<Backend> = new Set();
  let budget = 1;
  let probesDue = 0;
  let removalsDue = 0;
  let oldestNext = true;

  function dropSome(): void {
    for (removalsDue += removalsPerRequest; removalsDue >= 1; removalsDue -= 1) {
      if (oldestNext) pool.removeOldest();
      else pool.removeWorst(reported.value);
      oldestNext = !oldestNext;
    }
  }

  return {
    onPoolChange(backends) {
      eligible = new Set(backends);
      pool.keep((backend) => eligible.has(backend));
      budget = reuseBudget(poolSize, backends.length, probesPerRequest, removalsPerRequest, delta) ?? Infinity;
    },
    pick(backends, { tried }, { nowUs, rng }) {
      pool.expire(nowUs, maxAgeUs);
      const chosen = pool.size < FEWEST_ANSWERS ? undefined : pool.use(reported.value, tried);
      if (chosen === undefined) return backends[rng.int(backends.length)];
      dropSome();
      return chosen;
    },
    probes(backends, _request, { rng }) {
      probesDue += probesPerRequest;
      const count = Math.floor(probesDue);
      probesDue -= count;
      return different(Math.min(count, backends.length), backends, rng);
    },
    onProbe(backend, load, { nowUs, rng }) {
      // The answer may come after the backend has left.
      if (!eligible.has(backend)) return;
      reported.add(load.inFlight);
      pool.add(backend, load, rounded(budget, rng), nowUs);
    },
  };
}

/** How often an answer may be used; undefined: more are removed than arrive, so no number of uses makes them last. */
export function reuseBudget(
  poolSize: number,
  backends: number,
  probesPerRequest: number,
  removalsPerRequest: number,
  delta: number,
): number | undefined {
  const gained = (1 - poolSize / backends) * probesPerRequest - removalsPerRequest;
  return gained > 0 ? Math.max(1, (1 + delta) / gained) : undefined;
}

/** Up or down at random, so that the mean is kept. */
function rounded(uses: number, rng: Rng): number {
  const least = Math.floor(uses);
  return uses > least && rng.float() < uses - least ? least + 1 : least;
}

function different(count: number, backends: readonly Backend[], rng: Rng): readonly Backend[] {
  const chosen: Backend[] = [];
  // Floyd's sample: the last place is open to all, so one draw a backend is enough.
  for (let last = backends.length - count; last < backends.length; last += 1) {
    const backend = backends[rng.int(last + 1)]!;
    chosen.push(chosen.includes(backend) ? backends[last]! : backend);
  }
  return chosen;
}

/** The quantile, by nearest rank, of the last numbers. */
export class RecentQuantile {
  readonly #quantile: number;
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];

  constructor(quantile: number) {
    this.#quantile = quantile;
  }

  /** Infinity before the first number: nobody is hot. */
  get value(): number {
    const rank = Math.max(1, Math.ceil(this.#quantile * this.#sorted.length));
    return this.#sorted[rank - 1] ?? Infinity;
  }

  add(value: number): void {
    this.#recent.push(value);
    if (this.#recent.length > HISTORY) this.#sorted.splice(this.#sorted.indexOf(this.#recent.shift()!), 1);
    const at = this.#sorted.findIndex((other) => other > value);
    this.#sorted.splice(at < 0 ? this.#sorted.length : at, 0, value);
  }
}
