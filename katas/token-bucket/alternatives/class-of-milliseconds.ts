import type { AdmissionPolicy, Context, Request } from 'ballast';

interface Limit {
  readonly rateRps: number;
  readonly burst: number;
}

/** A class, made when it is first asked, that counts in the milliseconds which rates are thought in. */
class Bucket implements AdmissionPolicy {
  private tokens: number;
  private asOfMs: number | undefined;
  private readonly burst: number;
  private readonly perMs: number;

  constructor({ rateRps, burst }: Limit) {
    this.tokens = this.burst = burst;
    this.perMs = rateRps / 1000;
  }

  admit(_request: Request, { nowUs }: Context): number | undefined {
    const nowMs = nowUs / 1000;
    this.tokens = Math.min(this.burst, this.tokens + (nowMs - (this.asOfMs ?? nowMs)) * this.perMs);
    this.asOfMs = nowMs;
    if (this.tokens < 1) return Math.ceil((1 - this.tokens) / this.perMs) * 1000;
    this.tokens -= 1;
    return undefined;
  }
}

export default (limit: Limit): AdmissionPolicy => new Bucket(limit);
