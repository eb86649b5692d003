/**
 * The half-open connections of one node under a flood of SYNs: a SYN has come, and who sent it never finishes the handshake, so it keeps its place until the node
 * stops answering it. While all places are taken a SYN finds none: it is dropped, or with SYN cookies answered without one.
 *
 * Cost: O(1) for each SYN of the flood that finds a place, whenever somebody looks. Those that find none cost nothing: a Poisson process has no memory, so after a
 * place has become free the next SYN is as far away as ever. Memory: 8 bytes for each place.
 * Fails when: the flood fills the wire, or the node's processor, which have no bound here. Handshakes of real clients take no place: a round trip each, they would
 * be few.
 * Source: RFC 4987, sections 3 and 3.6; the probability to find no place is Erlang's B.
 * Real systems: Linux turns cookies on when the table is full; a connection opened by one lacks window scaling and selective acknowledgements.
 */
import { ln } from '../../core/maths.ts';
import type { Rng } from '../../core/policy.ts';
import type { IntakeSettings } from '../scenario-intake.ts';

type Settings = NonNullable<IntakeSettings['halfOpen']>;

export class HalfOpen {
  private readonly keptUs: number;
  private readonly rng: Rng;
  /** When each place becomes free, from the first to the last: a ring. */
  private readonly freeUs: Float64Array;
  private first = 0;
  private taken = 0;
  private rateRps = 0;
  /** When the flood's next SYN comes that may find a place. */
  private nextUs = Infinity;

  constructor({ places, keptUs }: Settings, rng: Rng) {
    this.keptUs = keptUs;
    this.rng = rng;
    this.freeUs = new Float64Array(places);
  }

  /** The flood has so many SYNs a second more, or, below 0, fewer. */
  change(rateRps: number, nowUs: number): void {
    this.advance(nowUs);
    this.rateRps = Math.max(0, this.rateRps + rateRps);
    this.nextUs = nowUs + this.gapUs();
  }

  /** Is there a place for a SYN that comes now? */
  hasPlace(nowUs: number): boolean {
    this.advance(nowUs);
    return this.taken < this.freeUs.length;
  }

  /** The node starts again, and has forgotten all of them. */
  clear(nowUs: number): void {
    this.advance(nowUs);
    this.taken = 0;
  }

  private advance(nowUs: number): void {
    const places = this.freeUs.length;
    while (this.nextUs <= nowUs) {
      this.free(this.nextUs);
      if (this.taken === places) {
        this.nextUs = this.freeUs[this.first]! + this.gapUs();
        continue;
      }
      this.freeUs[(this.first + this.taken) % places] = this.nextUs + this.keptUs;
      this.taken++;
      this.nextUs += this.gapUs();
    }
    this.free(nowUs);
  }

  private free(nowUs: number): void {
    while (this.taken > 0 && this.freeUs[this.first]! <= nowUs) {
      this.first = (this.first + 1) % this.freeUs.length;
      this.taken--;
    }
  }

  private gapUs(): number {
    return this.rateRps === 0 ? Infinity : (-ln(1 - this.rng.float()) * 1_000_000) / this.rateRps;
  }
}
