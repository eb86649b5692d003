/**
 * What a node can take: so many requests a second, and a tenth of a second's worth at once after a pause (a token bucket). What exceeds it is dropped.
 */
export class Capacity {
  private readonly perUs: number;
  private readonly most: number;
  private left: number;
  private atUs = 0;

  constructor(capacityRps: number) {
    this.perUs = capacityRps / 1_000_000;
    this.most = Math.max(1, capacityRps / 10);
    this.left = this.most;
  }

  /** Does one more request exceed it? If not, it is counted. */
  exceeds(nowUs: number): boolean {
    this.left = Math.min(this.most, this.left + (nowUs - this.atUs) * this.perUs);
    this.atUs = nowUs;
    if (this.left < 1) return true;
    this.left--;
    return false;
  }
}
