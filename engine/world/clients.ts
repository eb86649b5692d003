import type { Rng } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { FIRST_ADDRESS, UDP } from '../core/request.ts';
import type { RequestTemplate } from '../core/request.ts';
import { arrivalsAt, arrivalsOf, isLoop } from './arrivals/arrivals.ts';
import type { ArrivalsSpec } from './arrivals/arrivals.ts';
import type { ArrivalProcess } from './arrivals/process.ts';
import type { Scenario } from './scenario.ts';
import { Loop } from './loop.ts';
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
        ...(client.transport === 'udp' && { protocol: UDP }),
      });
    }
    return first;
  });
  return { kinds, firstKinds, classes };
}

/**
 * A source of requests. In an open loop they leave whether or not earlier ones were answered, and it says when the next one does; in a closed loop its users
 * wait. It says of which kind a request is and on which connection it goes.
 */
export class Client {
  readonly id: string;
  /** undefined: an open loop. */
  readonly loop: Loop | undefined;
  /** Are there calls of its users, made of one request or several? */
  readonly hasCalls: boolean;
  /** The cookie that a login sets; undefined: its users need no session. */
  readonly sessionCookie: string | undefined;
  /** The kind of request that logs in, where there is a session cookie. */
  readonly loginKind: number;
  /** By user, the session; none: not logged in. */
  private readonly sessions = new Map<number, number>();
  /** Infinity: it waits for ever. */
  readonly timeoutUs: number;
  /** Does a connection carry more than one request? */
  readonly longLived: boolean;
  /** Does it send datagrams? */
  readonly isUdp: boolean;
  /** Counts the changes of rate, by which a planned departure is told from one that was called off. */
  epoch = 0;
  readonly users: Users;
  /** What links know it by. */
  readonly names: readonly string[];
  private readonly spec: ArrivalsSpec | undefined;
  private readonly gapRng: Rng;
  private readonly kindRng: Rng;
  private readonly firstKind: number;
  private readonly kinds: readonly RequestKind[];
  private readonly cumulativeShares: readonly number[];
  private arrivals: ArrivalProcess | undefined;
  /** The next arrival, in the time of the process. */
  private nextUs = 0;
  /** How that time runs since a surge began: undefined before the first. */
  private warp: { readonly sinceUs: number; readonly processUs: number; readonly factor: number } | undefined;
  /** The number of each long-lived connection; 0: not open. */
  private readonly connections: number[];
  private turn = 0;
  private readonly keepAlive: ClientSpec['keepAlive'];
  /** By place: requests that the connection has carried, and when the last one came. */
  private readonly carried: number[] = [];
  private readonly usedUs: number[] = [];
  /** So many users share one address. */
  private readonly behindNat: number;

  /** `kinds`: those of all clients; `firstKind`: where this client's begin. */
  constructor(spec: ClientSpec, firstKind: number, kinds: readonly RequestKind[], rng: Prng) {
    this.id = spec.id;
    this.kinds = kinds;
    this.timeoutUs = spec.timeoutUs ?? Infinity;
    this.longLived = spec.connections !== undefined;
    this.isUdp = spec.transport === 'udp';
    this.names = ['clients', `client:${spec.id}`];
    this.users = new Users(spec.users, rng);
    this.gapRng = rng.fork('arrivals');
    const { arrivals } = spec;
    if (isLoop(arrivals)) this.loop = new Loop(arrivals, spec.users, this.gapRng);
    else this.arrivals = arrivalsOf((this.spec = arrivals), this.gapRng);
    this.hasCalls = this.loop !== undefined || spec.retry !== undefined || spec.session !== undefined;
    this.sessionCookie = spec.session?.cookie;
    const login = spec.requests.findIndex(({ name }) => name === spec.session?.login);
    this.loginKind = firstKind + login;
    this.keepAlive = spec.keepAlive;
    this.behindNat = Math.round(spec.users * spec.behindNat);
    this.kindRng = rng.fork('kinds');
    this.firstKind = firstKind;
    let sum = 0;
    this.cumulativeShares = spec.requests.map(({ share }, at) => (sum += at === login ? 0 : share));
    this.connections = Array.from({ length: spec.connections ?? 0 }, () => 0);
  }

  /** When the request after the last one leaves; Infinity: none does. */
  departureUs(): number {
    if (this.arrivals === undefined) return Infinity;
    this.nextUs = this.arrivals.next();
    return this.plannedUs();
  }

  /** When the one leaves that is planned. Rounded here and not before, so that roundings do not add up. */
  plannedUs(): number {
    if (this.warp === undefined) return Math.round(this.nextUs);
    const { sinceUs, processUs, factor } = this.warp;
    return Math.round(sinceUs + (this.nextUs - processUs) / factor);
  }

  /** From now on the arrivals run `factor` times as fast; the departure planned before is called off. */
  scaleRate(factor: number, nowUs: number): void {
    const { sinceUs, processUs, factor: before } = this.warp ?? { sinceUs: 0, processUs: 0, factor: 1 };
    this.warp = { sinceUs: nowUs, processUs: processUs + (nowUs - sinceUs) * before, factor };
    this.epoch++;
  }

  /** From now on requests come at this rate; the departure planned before is called off. */
  setRate(rateRps: number, nowUs: number): void {
    if (this.spec === undefined) return;
    this.arrivals = arrivalsAt(rateRps, this.spec, this.gapRng, nowUs);
    if (this.warp !== undefined) this.warp = { ...this.warp, sinceUs: nowUs, processUs: nowUs };
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

  /** The session of a user; 0: none. */
  sessionOf(user: number): number {
    return this.sessions.get(user) ?? 0;
  }

  /** The user has logged in: later requests bring the cookie. */
  loggedIn(user: number, session: number): void {
    this.sessions.set(user, session);
    this.users.keep(user, this.setCookie(session));
  }

  /** Nobody knows the user's session any more. */
  loggedOut(user: number): void {
    this.sessions.delete(user);
  }

  /** What the application's response to a login sets. */
  setCookie(session: number): string {
    return `${this.sessionCookie!}=s${session}; Path=/`;
  }

  /** Draws the key of a request of this kind; undefined where it has none. */
  drawKey(kind: number): number | undefined {
    return this.users.drawKey(this.kinds[kind]!.drawKey);
  }

  /** The place of a user's own long-lived connection. */
  placeOf(user: number): number {
    return user % this.connections.length;
  }

  /** The place among the long-lived connections whose turn it is. */
  nextPlace(): number {
    const place = this.turn;
    this.turn = place + 1 === this.connections.length ? 0 : place + 1;
    return place;
  }

  /** 0: none is open, or the one that was has idled too long, or has carried all it may. */
  connectionAt(place: number, nowUs: number): number {
    const { keepAlive } = this;
    if (keepAlive === undefined) return this.connections[place]!;
    const idledUs = nowUs - (this.usedUs[place] ?? nowUs);
    const isWorn = idledUs >= (keepAlive.idleTimeoutUs ?? Infinity) || this.carried[place]! >= keepAlive.maxRequests;
    if (isWorn || this.connections[place] === 0) this.carried[place] = 0;
    this.carried[place] = (this.carried[place] ?? 0) + 1;
    this.usedUs[place] = nowUs;
    return isWorn ? 0 : this.connections[place]!;
  }

  /** Whose address a user's packets bear: behind NAT, the first one's. */
  addressOf(user: number): number {
    return user < this.behindNat ? 0 : user;
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
