import type { Rng } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { FIRST_ADDRESS } from '../core/request.ts';
import type { RequestTemplate } from '../core/request.ts';
import { arrivalsAt, arrivalsOf } from './arrivals/arrivals.ts';
import type { ArrivalsSpec } from './arrivals/arrivals.ts';
import type { ArrivalProcess } from './arrivals/process.ts';
import type { Scenario } from './scenario.ts';
import { keyDraw, Users } from './users.ts';

type ClientSpec = Scenario['clients'][number];

/** What all requests of one class of one client have in common. */
export interface RequestKind extends RequestTemplate {
  /** Index among the distinct class names of the scenario. */
  readonly classIndex: number;
  readonly responseBytes: number;
  /** What its service time is multiplied with. */
  readonly cost: number;
  /** Draws the key of a request; undefined where requests have none. */
  readonly drawKey: ((rng: Rng) => number) | undefined;
}

/** What there is to send in a scenario. */
export interface Catalogue {
  /** The kinds of request, clients in turn. */
  readonly kinds: readonly RequestKind[];
  /** For each client the index of its first kind. */
  readonly firstKinds: readonly number[];
  /** The distinct names of request classes. */
  readonly classes: readonly string[];
}

export function catalogue(clients: readonly ClientSpec[]): Catalogue {
  const classes = [...new Set(clients.flatMap((client) => client.requests.map(({ name }) => name)))];
  const kinds: RequestKind[] = [];
  let users = 0;
  const firstKinds = clients.map((client) => {
    const first = kinds.length;
    const firstAddress = FIRST_ADDRESS + users;
    users += client.users;
    for (const { name, method, host, path, headers, keys, requestBytes, responseBytes, cost } of client.requests) {
      kinds.push({
        client: client.id,
        class: name,
        method,
        host,
        path,
        headers: Object.freeze(headers),
        bytes: requestBytes,
        firstAddress,
        drawKey: keys && keyDraw(keys),
        classIndex: classes.indexOf(name),
        responseBytes,
        cost,
        ...(client.port !== undefined && { port: client.port }),
      });
    }
    return first;
  });
  return { kinds, firstKinds, classes };
}

/**
 * A source of requests in an open loop: they leave whether or not earlier ones were answered. It says when the next one leaves, of which
 * kind it is and on which connection it goes.
 */
export class Client {
  /** Infinity: it waits for ever. */
  readonly timeoutUs: number;
  /** Does a connection carry more than one request? */
  readonly longLived: boolean;
  /** Counts the changes of rate, by which a planned departure is told from one that was called off. */
  epoch = 0;
  readonly users: Users;
  private readonly spec: ArrivalsSpec;
  private readonly gapRng: Rng;
  private readonly kindRng: Rng;
  private readonly firstKind: number;
  private readonly cumulativeShares: readonly number[];
  private arrivals: ArrivalProcess;
  /** The number of each long-lived connection; 0: not open. */
  private readonly connections: number[];
  private turn = 0;

  /** `firstKind`: index of the client's first request kind. */
  constructor(spec: ClientSpec, firstKind: number, rng: Prng) {
    this.timeoutUs = spec.timeoutUs ?? Infinity;
    this.longLived = spec.connections !== undefined;
    this.users = new Users(spec.users, rng);
    this.spec = spec.arrivals;
    this.gapRng = rng.fork('arrivals');
    this.arrivals = arrivalsOf(spec.arrivals, this.gapRng);
    this.kindRng = rng.fork('kinds');
    this.firstKind = firstKind;
    let sum = 0;
    this.cumulativeShares = spec.requests.map(({ share }) => (sum += share));
    this.connections = Array.from({ length: spec.connections ?? 0 }, () => 0);
  }

  /** When the request after the last one leaves; Infinity: none does. */
  departureUs(): number {
    // Rounded here and not before, so that roundings do not add up.
    return Math.round(this.arrivals.next());
  }

  /** From now on requests come at this rate; the departure planned before is called off. */
  setRate(rateRps: number, nowUs: number): void {
    this.arrivals = arrivalsAt(rateRps, this.spec, this.gapRng, nowUs);
    this.epoch++;
  }

  /** Whose request comes next: on a long-lived connection its owner's. */
  userAt(place: number): number {
    return this.longLived ? place % this.users.count : this.users.next();
  }

  /** Draws the kind of the next request. */
  drawKind(): number {
    const shares = this.cumulativeShares;
    if (shares.length === 1) return this.firstKind;
    const point = this.kindRng.float() * shares.at(-1)!;
    return this.firstKind + shares.findIndex((share) => point < share);
  }

  /** The place among the long-lived connections whose turn it is. */
  nextPlace(): number {
    const place = this.turn;
    this.turn = place + 1 === this.connections.length ? 0 : place + 1;
    return place;
  }

  connectionAt(place: number): number {
    return this.connections[place]!;
  }

  open(place: number, connection: number): void {
    this.connections[place] = connection;
  }

  /** A long-lived connection was closed; the next request whose turn it is opens another. */
  close(connection: number): void {
    const place = this.connections.indexOf(connection);
    if (place >= 0) this.connections[place] = 0;
  }
}
