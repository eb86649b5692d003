import { sampler } from '../core/distributions.ts';
import { exp } from '../core/maths.ts';
import type { Prng } from '../core/prng.ts';
import type { CacheSettings } from './scenario-servers.ts';

/**
 * A server's cache: a request that misses takes longer. After a crash it is empty, and warms as requests come.
 *
 * `curve`: the share that misses falls from cold to warm as 1 - e^(-n / warmRequests) rises with n requests served: 63 % of the way after warmRequests
 * of them, 95 % after three times as many. `keys`: what was asked for lately is there, and the least recently used is dropped.
 */
export class Cache {
  private readonly settings: CacheSettings;
  private readonly missUs: () => number;
  private readonly rng: Prng;
  private served = 0;
  private readonly keys = new Set<string>();

  constructor(settings: CacheSettings, rng: Prng) {
    this.settings = settings;
    this.rng = rng.fork('hits');
    this.missUs = sampler(settings.miss, rng.fork('misses'));
  }

  /** What a request for `key` takes beyond its work: 0 for a hit. It is in the cache from now on. */
  askUs(key: string): number {
    return this.misses(key) ? this.missUs() : 0;
  }

  /** The share of requests that would miss now; of `keys`, 1 when it is empty and 0 when it is full. */
  get missRatio(): number {
    const { settings } = this;
    if (settings.warms === 'keys') return 1 - this.keys.size / settings.capacity;
    const { coldMissRatio, warmMissRatio, warmRequests } = settings;
    return warmMissRatio + (coldMissRatio - warmMissRatio) * exp(-this.served / warmRequests);
  }

  flush(): void {
    this.served = 0;
    this.keys.clear();
  }

  private misses(key: string): boolean {
    if (this.settings.warms === 'curve') {
      const misses = this.rng.float() < this.missRatio;
      this.served++;
      return misses;
    }
    const { keys } = this;
    const misses = !keys.delete(key);
    keys.add(key);
    if (keys.size > this.settings.capacity) keys.delete(keys.values().next().value!);
    return misses;
  }
}
