import { sampler } from '../core/distributions.ts';
import type { Prng } from '../core/prng.ts';
import type { CollectorSettings } from './scenario-servers.ts';

/**
 * A server's garbage collector: now and then it stops the world for a pause. Either after a time, counted from the end of the last pause, or when
 * the requests begun since then have allocated what the heap holds; then a busy server pauses more often.
 */
export class Collector {
  private readonly settings: CollectorSettings;
  private readonly pause: () => number;
  private readonly every: (() => number) | undefined;
  private allocatedBytes = 0;

  constructor(settings: CollectorSettings, rng: Prng) {
    this.settings = settings;
    this.pause = sampler(settings.pause, rng.fork('pauses'));
    this.every = settings.after === 'time' ? sampler(settings.every, rng.fork('gaps')) : undefined;
  }

  pauseUs(): number {
    return this.pause();
  }

  /** How long until the next pause; undefined: that depends on the requests. A distribution that says 0 gets the shortest time there is. */
  gapUs(): number | undefined {
    return this.every && Math.max(1, this.every());
  }

  /** A request begins. Is the heap full with it? */
  allocate(): boolean {
    const { settings } = this;
    if (settings.after === 'time') return false;
    this.allocatedBytes += settings.bytesPerRequest;
    if (this.allocatedBytes < settings.heapBytes) return false;
    this.allocatedBytes = 0;
    return true;
  }

  reset(): void {
    this.allocatedBytes = 0;
  }
}
