import { exp } from '../core/maths.ts';

const DECAY_US = 1_000_000;

/** What a server tells of itself: how long requests take there and how many it answers, averaged over about the last second. */
export class LoadMeter {
  private latency = 0;
  private rate = 0;
  private errors = 0;
  private lastUs = 0;

  /** A request was answered, `tookUs` after it came. */
  answered(tookUs: number, isError: boolean, nowUs: number): void {
    this.decay(nowUs);
    this.latency = this.rate === 0 ? tookUs : this.latency + (tookUs - this.latency) * 0.1;
    this.rate += 1_000_000 / DECAY_US;
    if (isError) this.errors += 1_000_000 / DECAY_US;
  }

  latencyUs(): number {
    return Math.round(this.latency);
  }

  rateRps(nowUs: number): number {
    this.decay(nowUs);
    return this.rate;
  }

  errorsRps(nowUs: number): number {
    this.decay(nowUs);
    return this.errors;
  }

  private decay(nowUs: number): void {
    if (nowUs === this.lastUs) return;
    const kept = exp((this.lastUs - nowUs) / DECAY_US);
    this.rate *= kept;
    this.errors *= kept;
    this.lastUs = nowUs;
  }
}
