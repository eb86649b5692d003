import type { Clock } from '../../balancer/context.ts';
import type { Prng } from '../../core/prng.ts';
import type { Handshakes } from '../handshakes.ts';
import type { IntakeSettings } from '../scenario-intake.ts';
import { HalfOpen } from './half-open.ts';
import { Places } from './places.ts';

/** What becomes of a packet at the gate of a node. */
export const GATE = { open: 0, dropped: 1, refused: 2 } as const;

/** TCP's first retransmission timeout (RFC 6298), which doubles each time, and how often it sends a SYN again (Linux: tcp_syn_retries). */
const FIRST_RTO_US = 1_000_000;
const RETRIES = 6;

/** Where connections of clients come to the nodes that end them, and what attacks meet first. Without settings there is none, and everybody gets in. */
export class Gate {
  private readonly counts: Handshakes['counts'];
  private readonly clock: Clock;
  private readonly cookies: boolean;
  private readonly halfOpen: readonly (HalfOpen | undefined)[];
  private readonly places: readonly Places[];
  /** The node that has each connection of a client. */
  private readonly open = new Map<number, number>();
  /** How often each connection's SYN was dropped. */
  private readonly tries = new Map<number, number>();

  constructor(settings: IntakeSettings, nodes: number, counts: Handshakes['counts'], clock: Clock, rng: Prng) {
    this.counts = counts;
    this.clock = clock;
    this.cookies = settings.halfOpen?.cookies ?? false;
    const all = Array.from({ length: nodes }, (_, node) => node);
    this.halfOpen = all.map(
      (node) => settings.halfOpen && new HalfOpen(settings.halfOpen, rng.fork(`half-open:${node}`)),
    );
    this.places = all.map(() => new Places(settings));
  }

  /** A packet of the connection comes to the node: a code of GATE. If it is the first one it is a SYN. */
  knock(connection: number, node: number): number {
    const { nowUs } = this.clock;
    if (this.open.get(connection) === node) return GATE.open;
    if (this.halfOpen[node]?.hasPlace(nowUs) === false) {
      if (!this.cookies) {
        this.counts.dropped++;
        return GATE.dropped;
      }
      this.counts.cookies++;
    }
    this.tries.delete(connection);
    this.closed(connection);
    if (!this.places[node]!.take(nowUs)) {
      this.counts.refused++;
      return GATE.refused;
    }
    this.open.set(connection, node);
    return GATE.open;
  }

  /** How long TCP waits after a SYN that was dropped, and whether it sends one more then, or gives up. */
  afterDrop(connection: number): { readonly waitUs: number; readonly comesAgain: boolean } {
    const tries = (this.tries.get(connection) ?? 0) + 1;
    this.tries.set(connection, tries);
    return { waitUs: FIRST_RTO_US * (1 << (tries - 1)), comesAgain: tries <= RETRIES };
  }

  /** The connection is closed, or was never opened. */
  closed(connection: number): void {
    this.tries.delete(connection);
    const node = this.open.get(connection);
    if (node === undefined) return;
    this.open.delete(connection);
    this.places[node]!.leave(this.clock.nowUs);
  }

  /** The node has lost all its connections. */
  restart(node: number): void {
    for (const [connection, at] of this.open) if (at === node) this.open.delete(connection);
    this.halfOpen[node]?.clear(this.clock.nowUs);
    this.places[node]!.clear(this.clock.nowUs);
  }

  /** `node` undefined: the flood is spread over all of them. */
  flood(rateRps: number, node: number | undefined): void {
    const { nowUs } = this.clock;
    if (node !== undefined) this.halfOpen[node]?.change(rateRps, nowUs);
    else for (const table of this.halfOpen) table?.change(rateRps / this.halfOpen.length, nowUs);
  }

  /** `node` undefined: each of them. */
  besiege(connections: number, everyUs: number, node: number | undefined): void {
    const besieged = node === undefined ? this.places : [this.places[node]!];
    for (const places of besieged) places.besiege(connections, everyUs, this.clock.nowUs);
  }
}
