import { ConnectionPool } from '../balancer/connection-pool.ts';
import type { Connection } from '../balancer/connection-pool.ts';
import type { Line } from './network.ts';
import type { Scenario } from './scenario.ts';

type Spec = NonNullable<Scenario['pools'][number]['connections']>;

/** `begin` answers this when a connection is there already. */
export const REUSED = -1;

/**
 * The connections between balancer and backends, on the network: what it costs to open one, and when the backend closes it. TCP takes one round trip
 * before the request leaves; TLS takes one more (1.3) or two more (1.2), and the time both ends compute.
 */
export class BackendConnections {
  private readonly line: Line;
  private readonly isProxy: boolean;
  /** The last connection of a client that one was opened for. */
  private newest = 0;
  /** By index of the pool, and of the backend; undefined: each request goes its way without. */
  private readonly specs: readonly (Spec | undefined)[];
  private readonly pools: (ConnectionPool | undefined)[] = [];
  private readonly specOf: (Spec | undefined)[] = [];
  /** By row of the request: its connection, since when it is being opened, and how much of its handshake follows TCP's. */
  private readonly connections: (Connection | undefined)[] = [];
  private readonly sinceUs: number[] = [];
  private readonly tlsUs: number[] = [];

  /** `isProxy`: on layer 4, with a connection for each of the clients'. */
  constructor(specs: readonly (Spec | undefined)[], line: Line, isProxy: boolean) {
    this.isProxy = isProxy;
    this.specs = specs;
    this.line = line;
  }

  /** The next backend joined this pool. */
  join(pool: number, nowUs: number): void {
    const spec = this.specs[pool];
    this.specOf.push(spec);
    const handshakeUs = () => this.roundTripUs() + this.handshakeUs(spec!);
    this.pools.push(spec && new ConnectionPool(spec, handshakeUs, nowUs));
  }

  /** A request needs a connection. Answers REUSED, or how long TCP takes to open one; `rest` tells what follows. */
  begin(row: number, backend: number, nowUs: number, connection: number): number {
    if (this.isProxy) return this.beginForClient(row, nowUs, connection);
    const pool = this.pools[backend];
    this.connections[row] = pool?.take(nowUs);
    if (pool === undefined || this.connections[row] !== undefined) return REUSED;
    this.connections[row] = pool.open(nowUs);
    this.sinceUs[row] = nowUs;
    const tcpUs = this.roundTripUs();
    this.tlsUs[row] = this.handshakeUs(this.specOf[backend]!);
    return tcpUs;
  }

  /** A proxy on layer 4: for each connection of a client it opens one, when the first request comes. */
  private beginForClient(row: number, nowUs: number, connection: number): number {
    this.connections[row] = undefined;
    // Connections are numbered in the order in which they open.
    if (connection <= this.newest) return REUSED;
    this.newest = connection;
    this.sinceUs[row] = nowUs;
    this.tlsUs[row] = 0;
    return this.roundTripUs();
  }

  /** A part of the handshake is over. How long the next one takes; 0: the connection is open. */
  rest(row: number): number {
    const tlsUs = this.tlsUs[row]!;
    this.tlsUs[row] = 0;
    return tlsUs;
  }

  /** When the connection that has just opened for the row was begun. */
  begunUs(row: number): number {
    return this.sinceUs[row]!;
  }

  /** The request arrives: has the backend closed the connection it was sent on? */
  isClosed(row: number, nowUs: number): boolean {
    const connection = this.connections[row];
    return connection !== undefined && nowUs >= connection.closesUs;
  }

  /** The attempt of the row is over; the backend sent the last of its answer at `answeredUs`. */
  end(row: number, backend: number, isUsable: boolean, nowUs: number, answeredUs: number): void {
    const connection = this.connections[row];
    if (connection === undefined) return;
    const closesUs = answeredUs + (this.specOf[backend]!.backendIdleTimeoutUs ?? Infinity);
    const hearsUs = closesUs === Infinity ? Infinity : closesUs + this.line.back();
    this.pools[backend]!.giveBack(connection, isUsable, nowUs, closesUs, hearsUs);
  }

  /** The backend crashed, and its end of all connections with it. */
  lose(backend: number): void {
    this.pools[backend]?.clear();
  }

  private roundTripUs(): number {
    return this.line.there() + this.line.back();
  }

  private handshakeUs({ tls }: Spec): number {
    if (tls === undefined) return 0;
    const firstUs = tls.cpuUs + this.roundTripUs();
    return tls.version === '1.3' ? firstUs : firstUs + this.roundTripUs();
  }
}

/** undefined where no pool keeps connections and the balancer opens none: then they cost nothing. */
export function connectionsFor(
  mode: Scenario['balancer']['mode'],
  pools: readonly (Spec | undefined)[],
  network: Line,
): BackendConnections | undefined {
  const opens = mode === 'proxy' || pools.some((spec) => spec !== undefined);
  return opens ? new BackendConnections(pools, network, mode === 'proxy') : undefined;
}
