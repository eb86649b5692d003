/**
 * The places of one node for open connections, and somebody who holds as many as possible by never ending the headers of a request (slow loris). In each
 * round the attacker opens whatever is not open; the node's header timeout cuts off what has been open for too long.
 *
 * Cost: O(1) for each round and for each batch that is cut off, whenever somebody looks.
 * Fails when: the attacker sends the headers to their end and then the body, or reads the answer, byte by byte: these need timeouts of their own.
 * Source: R. Hansen, slowloris.pl (2009); nginx, client_header_timeout; Apache, mod_reqtimeout.
 * Real systems: nginx closes what is beyond its connections at once, HAProxy leaves it in the kernel's queue until somebody goes.
 */
import type { IntakeSettings } from '../scenario-intake.ts';

export class Places {
  private readonly most: number;
  private readonly headerTimeoutUs: number;
  private ofClients = 0;
  /** The attacker's, by batches that were opened in one round. */
  private readonly held: { readonly count: number; readonly untilUs: number }[] = [];
  private ofAttacker = 0;
  private wanted = 0;
  private everyUs = Infinity;
  private nextRoundUs = Infinity;

  constructor({ maxConnections = Infinity, headerTimeoutUs }: IntakeSettings) {
    this.most = maxConnections;
    this.headerTimeoutUs = headerTimeoutUs ?? Infinity;
  }

  /** From now on somebody wants to hold so many; 0: nobody does any more, and what was held is closed. */
  besiege(wanted: number, everyUs: number, nowUs: number): void {
    this.advance(nowUs);
    this.wanted = wanted;
    this.everyUs = everyUs;
    this.nextRoundUs = wanted === 0 ? Infinity : nowUs;
    if (wanted === 0) this.drop();
  }

  /** A client opens a connection. Answers whether there was a place. */
  take(nowUs: number): boolean {
    this.advance(nowUs);
    if (this.ofClients + this.ofAttacker >= this.most) return false;
    this.ofClients++;
    return true;
  }

  /** A client's connection is closed. */
  leave(nowUs: number): void {
    this.advance(nowUs);
    this.ofClients--;
  }

  /** The node starts again: no connection is left. */
  clear(nowUs: number): void {
    this.advance(nowUs);
    this.ofClients = 0;
    this.drop();
  }

  private drop(): void {
    this.held.length = 0;
    this.ofAttacker = 0;
  }

  private advance(nowUs: number): void {
    for (;;) {
      const cutUs = this.held[0]?.untilUs ?? Infinity;
      if (Math.min(cutUs, this.nextRoundUs) > nowUs) return;
      if (cutUs <= this.nextRoundUs) this.ofAttacker -= this.held.shift()!.count;
      else this.round();
    }
  }

  private round(): void {
    const count = Math.min(this.wanted - this.ofAttacker, this.most - this.ofClients - this.ofAttacker);
    if (count > 0) {
      this.held.push({ count, untilUs: this.nextRoundUs + this.headerTimeoutUs });
      this.ofAttacker += count;
    }
    this.nextRoundUs += this.everyUs;
  }
}
