import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import { RequestView } from '../core/request.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import type { Client, RequestKind } from './clients.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { EventQueue } from './event-queue.ts';
import { LEG } from './frame.ts';
import type { Handshakes } from './handshakes.ts';
import { GATE } from './intake/gate.ts';
import type { Gate } from './intake/gate.ts';
import { OPEN, SERVED } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';
import type { Servers } from './servers.ts';

/** What the clients need to know of the world. */
export interface ClientWorld {
  readonly clock: Clock;
  readonly agenda: EventQueue;
  readonly rows: InFlight;
  readonly clients: readonly Client[];
  readonly calls: Calls;
  readonly handshakes: Handshakes;
  readonly kinds: readonly RequestKind[];
  readonly servers: Servers;
  readonly recorder: Recorder;
  /** Does any pool keep clients by cookies? */
  readonly setsCookies: boolean;
}

/** The clients' ends of requests: who sends them on which connection, and what becomes of them in the end. */
export class ClientSide {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly clients: readonly Client[];
  private readonly calls: Calls;
  private readonly handshakes: Handshakes;
  private readonly kinds: readonly RequestKind[];
  /** Who knows of connections: the balancer, or in a tier who knows which node to ask. */
  keeper: (Pick<Balancer, 'isCutOff' | 'closeConnection'> & { ended?(row: number): void }) | undefined;
  /** undefined: the nodes have room for all connections. */
  gate: Gate | undefined;
  private readonly servers: Servers;
  private readonly recorder: Recorder;
  private readonly rows: InFlight;
  private readonly setsCookies: boolean;
  private connections = 0;
  /** The cookie that the response to a request is to set, by id of the request. */
  private readonly cookies = new Map<number, string | undefined>();

  constructor(around: ClientWorld) {
    this.clock = around.clock;
    this.agenda = around.agenda;
    this.clients = around.clients;
    this.calls = around.calls;
    this.handshakes = around.handshakes;
    this.kinds = around.kinds;
    this.servers = around.servers;
    this.recorder = around.recorder;
    this.setsCookies = around.setsCookies;
    this.rows = around.rows;
  }

  /** A request of the client begins, for a call or for itself. */
  take(client: number, call: Call | undefined): number {
    const { rows } = this;
    const row = rows.take(client, call?.kind ?? this.clients[client]!.drawKind(), this.clock.nowUs);
    if (call !== undefined) {
      rows.session[row] = call.session;
      this.calls.sent((rows.call[row] = call));
    }
    return row;
  }

  /** How long it takes to open the connection of the row, for who pays for that; its connection is known then. */
  openUs(row: number): number {
    const { rows, handshakes } = this;
    const client = rows.client[row]!;
    const kind = rows.kind[row]!;
    return handshakes.concerns(client, kind) && this.assign(row) ? handshakes.openUs(client, kind) : 0;
  }

  /** Who sends the request of the row, and on which connection. Answers whether it opens the connection. */
  assign(row: number): boolean {
    const { rows } = this;
    const client = this.clients[rows.client[row]!]!;
    const user = rows.call[row]?.user;
    const place = client.longLived ? (user === undefined ? client.nextPlace() : client.placeOf(user)) : 0;
    const newest = this.connections;
    const connection = this.connectionOf(client, place);
    rows.connection[row] = connection;
    rows.user[row] = user ?? client.userAt(place);
    return connection > newest;
  }

  /** The request has come to where it is counted: it gets its number, and the view that policies see. */
  register(row: number): RequestView {
    const { rows, recorder } = this;
    const nowUs = this.clock.nowUs;
    const clientIndex = rows.client[row]!;
    const client = this.clients[clientIndex]!;
    const kind = this.kinds[rows.kind[row]!]!;
    const user = rows.user[row]!;
    const id = recorder.arrived(clientIndex, kind.classIndex, rows.sentUs[row]!, nowUs);
    recorder.bytesIn += kind.bytes ?? 0;
    const view = new RequestView(id, rows.connection[row]!, kind, client.addressOf(user));
    const call = rows.call[row];
    if (kind.drawKey !== undefined || this.setsCookies)
      client.users.fill(view, user, call === undefined ? client.drawKey(rows.kind[row]!) : call.key);
    if (call !== undefined) this.calls.seen(call, view);
    rows.view[row] = view;
    rows.id[row] = id;
    rows.leg[row] = 0;
    if (client.timeoutUs !== Infinity) {
      const deadlineUs = rows.sentUs[row]! + client.timeoutUs;
      this.agenda.push(deadlineUs < nowUs ? nowUs : deadlineUs, PLAN.clientTimeout, row, rows.generation[row]!);
    }
    return view;
  }

  /** The number of the connection for the next request. A long-lived one is opened again if it was closed or has lost its backend. */
  private connectionOf(client: Client, place: number): number {
    if (!client.longLived) return ++this.connections;
    const current = client.connectionAt(place, this.clock.nowUs);
    if (current !== 0 && (client.isUdp || !this.keeper!.isCutOff(current))) return current;
    this.keeper!.closeConnection(current);
    this.gate?.closed(current);
    client.open(place, ++this.connections);
    return this.connections;
  }

  /** The connection a request came on is closed, if others were to come on it. A socket of UDP stays what it is. */
  close(row: number): void {
    const client = this.clients[this.rows.client[row]!]!;
    if (!client.longLived || client.isUdp) return;
    this.keeper!.ended?.(row);
    const { connection } = this.rows.view[row]!;
    client.close(connection);
    this.keeper!.closeConnection(connection);
    this.gate?.closed(connection);
  }

  /** Does the node take what comes on the row's connection? A SYN that was dropped comes again, and a connection without a place is closed at once. */
  isLetIn(row: number, node: number): boolean {
    const { rows, gate } = this;
    if (gate === undefined || this.clients[rows.client[row]!]!.isUdp) return true;
    const verdict = gate.knock(rows.connection[row]!, node);
    if (verdict === GATE.dropped) this.knockAgain(row, gate);
    else if (verdict === GATE.refused) {
      this.register(row);
      this.close(row);
      this.fail(row, FAILURE.refused);
    }
    return verdict === GATE.open;
  }

  private knockAgain(row: number, gate: Gate): void {
    const { rows } = this;
    const { nowUs } = this.clock;
    const { waitUs, comesAgain } = gate.afterDrop(rows.connection[row]!);
    const deadlineUs = rows.sentUs[row]! + this.clients[rows.client[row]!]!.timeoutUs;
    const nextUs = Math.max(nowUs, Math.min(nowUs + waitUs, deadlineUs));
    const plan = comesAgain && nextUs === nowUs + waitUs ? PLAN.reachBalancer : PLAN.missed;
    rows.begin(row, LEG.clientToBalancer, nowUs, Infinity);
    this.agenda.push(nextUs, plan, row, rows.generation[row]!);
  }

  /** The request never comes to the balancer. Its client gives up in time, and then it is counted, or it would not be counted at all. */
  missAtDeadline(row: number): void {
    const { rows, clock } = this;
    const deadlineUs = rows.sentUs[row]! + this.clients[rows.client[row]!]!.timeoutUs;
    rows.leg[row] = 0;
    this.agenda.push(Math.max(clock.nowUs, deadlineUs), PLAN.missed, row, rows.generation[row]!);
  }

  miss(row: number): void {
    if (this.rows.connection[row] === 0) this.assign(row);
    this.register(row);
    this.close(row);
    this.fail(row, FAILURE.abandoned);
  }

  /** What the application's own response sets, if the request logs in. */
  cookieOfLogin(row: number): string | undefined {
    const session = this.rows.session[row]!;
    return session < 0 ? this.clients[this.rows.client[row]!]!.setCookie(-session) : undefined;
  }

  /** The response to this request is to set a cookie. */
  willSet(row: number, cookie: string | undefined): void {
    this.cookies.set(this.rows.id[row]!, cookie);
  }

  /** It has the answer, or the error. */
  finish(row: number, answer: number): void {
    if (answer === SERVED) this.succeed(row);
    else this.fail(row, answer);
  }

  private succeed(row: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    if (this.setsCookies) this.takeCookie(row);
    const backend = this.answererOf(row);
    if (backend >= 0) this.servers.served[backend]!++;
    this.recorder.served(rows.id[row]!, backend, nowUs - rows.sentUs[row]!, nowUs);
    this.leave(row, SERVED);
  }

  private takeCookie(row: number): void {
    const { rows, cookies } = this;
    const cookie = cookies.get(rows.id[row]!);
    if (cookie !== undefined) this.clients[rows.client[row]!]!.users.keep(rows.user[row]!, cookie);
    cookies.delete(rows.id[row]!);
  }

  /** The backend whose answer this is; -1: none had a part in it. */
  private answererOf(row: number): number {
    return this.rows.errand[row]?.by ?? this.rows.backend[row]!;
  }

  fail(row: number, failure: number): void {
    const { rows } = this;
    const backend = this.answererOf(row);
    if (backend >= 0) this.servers.failed[backend]!++;
    rows.leg[row] = 0;
    if (this.setsCookies) this.cookies.delete(rows.id[row]!);
    this.recorder.failed(rows.id[row]!, backend, failure, this.clock.nowUs);
    this.leave(row, failure);
  }

  /** The client's business with the request is over. */
  private leave(row: number, answer: number): void {
    const { rows } = this;
    const call = rows.call[row];
    const status = rows.status[row]!;
    if (!this.clients[rows.client[row]!]!.longLived) {
      this.keeper!.ended?.(row);
      this.gate?.closed(rows.connection[row]!);
    }
    rows.close(row, OPEN.client);
    if (call !== undefined) this.calls.ended(call, answer, status, this.clock.nowUs - rows.sentUs[row]!);
  }
}
