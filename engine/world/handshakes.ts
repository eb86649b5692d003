/**
 * What it costs a client to open its connection to the balancer: TCP's round trip where the client pays for it, and at an HTTPS listener that says so the handshake of
 * TLS, one round trip (1.3) or two (1.2), and the time its node computes. Who resumes a session saves the public-key work, with 1.2 also a round trip; early data
 * (0-RTT) is off, as it is by default everywhere: it can be replayed.
 *
 * Cost: O(1) for each new connection. The computing delays its own request and keeps no other waiting.
 * Fails when: handshakes are what the node is busy with (a flood of new connections): it has no bound on its CPU here.
 * Source: RFC 8446, section 2 (1-RTT) and 2.2 (resumption); RFC 5246, section 7.3; RFC 9293, section 3.5.
 * Real systems: nginx, HAProxy and Envoy resume by tickets; how often depends on clients that come back and on tickets that nodes share.
 */
import type { Prng } from '../core/prng.ts';
import { listenerTable } from '../balancer/balancer.ts';
import type { Line } from './network.ts';
import type { Scenario } from './scenario.ts';

type Tls = NonNullable<Scenario['balancer']['listeners'][number]['tls']>;

export class Handshakes {
  /**
   * So far: connections opened with TCP's round trip, full handshakes of TLS, and resumed ones. At the gate of a node (intake/gate.ts): SYNs of clients that were dropped, those that were
   * answered with a cookie, and connections that found no place.
   */
  readonly counts = { tcp: 0, full: 0, resumed: 0, dropped: 0, cookies: 0, refused: 0 };
  private readonly line: Line;
  private readonly rng: Prng;
  /** By index of the request kind: what its listener asks for; undefined: nothing. */
  private readonly tls: readonly (Tls | undefined)[];
  /** By index of the client. */
  private readonly paysTcp: readonly boolean[];

  constructor(
    { clients, balancer: { listeners } }: Scenario,
    kinds: readonly { readonly port?: number; readonly host: string }[],
    line: Line,
    rng: Prng,
  ) {
    this.line = line;
    this.rng = rng;
    const listenerFor = listenerTable(listeners);
    const tlsOf = new Map(listeners.map((listener) => [listener.id, listener.tls]));
    this.tls = kinds.map(({ port, host }) => tlsOf.get(listenerFor(port ?? 80, host)?.id ?? ''));
    this.paysTcp = clients.map(({ tcpHandshake }) => tcpHandshake);
  }

  /** Does it cost this client anything to open a connection for such a request? */
  concerns(client: number, kind: number): boolean {
    return this.paysTcp[client]! || this.tls[kind] !== undefined;
  }

  /** How long it takes to open a connection. */
  openUs(client: number, kind: number): number {
    let lastsUs = 0;
    if (this.paysTcp[client]) {
      this.counts.tcp++;
      lastsUs += this.roundTripUs();
    }
    const tls = this.tls[kind];
    if (tls === undefined) return lastsUs;
    const isResumed = this.rng.float() < tls.resumed;
    this.counts[isResumed ? 'resumed' : 'full']++;
    lastsUs += this.roundTripUs() + (isResumed ? tls.resumedCpuUs : tls.cpuUs);
    return tls.version === '1.2' && !isResumed ? lastsUs + this.roundTripUs() : lastsUs;
  }

  private roundTripUs(): number {
    return this.line.there() + this.line.back();
  }
}
