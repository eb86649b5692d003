import type { Balancer } from '../balancer/balancer.ts';
import { NO_ROUTE } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { Outcome } from '../core/policy.ts';
import { RequestView } from '../core/request.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { Client, RequestKind } from './clients.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';
import { LEG } from './frame.ts';
import { InFlight, OPEN } from './in-flight.ts';
import type { Line } from './network.ts';
import type { Recorder } from './recorder.ts';
import { IDLE, TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';

/** What a request meets on its way. */
export interface Surroundings {
  readonly clock: Clock;
  readonly agenda: EventQueue;
  readonly clients: readonly Client[];
  readonly kinds: readonly RequestKind[];
  readonly toBalancer: Line;
  readonly toBackend: Line;
  readonly balancer: Balancer;
  readonly layer: 4 | 7;
  /** Infinity: the balancer waits for ever. */
  readonly balancerTimeoutUs: number;
  readonly servers: Servers;
  readonly recorder: Recorder;
}

/** The code of a good answer; the others are FAILURE codes. */
const SERVED = 0;

/**
 * The way of one request, in the order of this file: client -> network -> balancer -> network -> server -> worker -> reply -> network ->
 * balancer -> answer -> network -> client. A line without length costs no event: the next stage begins at once, within the same call.
 *
 * Who gives up does not stop who works: after a timeout the server still serves the request, and its reply is thrown away. A client that
 * gives up closes its connection, and the balancer notices at once.
 */
export class RequestPath {
  readonly rows = new InFlight();
  /** The last decision: id of the request (0: none yet) and index of the backend (-1: none was found). */
  lastPick = { request: 0, backend: -1 };
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly clients: readonly Client[];
  private readonly kinds: readonly RequestKind[];
  private readonly toBalancer: Line;
  private readonly toBackend: Line;
  private readonly balancer: Balancer;
  private readonly layer: 4 | 7;
  private readonly balancerTimeoutUs: number;
  private readonly servers: Servers;
  private readonly recorder: Recorder;
  private connections = 0;

  constructor(around: Surroundings) {
    this.clock = around.clock;
    this.agenda = around.agenda;
    this.clients = around.clients;
    this.kinds = around.kinds;
    this.toBalancer = around.toBalancer;
    this.toBackend = around.toBackend;
    this.balancer = around.balancer;
    this.layer = around.layer;
    this.balancerTimeoutUs = around.balancerTimeoutUs;
    this.servers = around.servers;
    this.recorder = around.recorder;
  }

  /** A request leaves its client. */
  depart(client: number): void {
    const row = this.rows.take(client, this.clients[client]!.drawKind(), this.clock.nowUs);
    if (this.toBalancer.isInstant) this.reachBalancer(row);
    else this.travel(row, LEG.clientToBalancer, this.toBalancer.there(), PLAN.reachBalancer);
  }

  reachBalancer(row: number): void {
    const { rows, recorder } = this;
    const nowUs = this.clock.nowUs;
    const clientIndex = rows.client[row]!;
    const client = this.clients[clientIndex]!;
    const kind = this.kinds[rows.kind[row]!]!;
    const id = recorder.arrived(clientIndex, kind.classIndex, rows.sentUs[row]!, nowUs);
    const view = new RequestView(id, client.longLived ? this.connectionOf(client) : ++this.connections, kind);
    rows.view[row] = view;
    rows.id[row] = id;
    rows.leg[row] = 0;
    if (client.timeoutUs !== Infinity) {
      const deadlineUs = rows.sentUs[row]! + client.timeoutUs;
      this.agenda.push(deadlineUs < nowUs ? nowUs : deadlineUs, PLAN.clientTimeout, row, rows.generation[row]!);
    }
    const backend = this.balancer.choose(view, client.longLived);
    this.lastPick.request = id;
    this.lastPick.backend = backend < 0 ? -1 : backend;
    if (backend < 0) this.answer(row, backend === NO_ROUTE ? FAILURE.noRoute : FAILURE.noBackend);
    else this.forward(row, backend, view);
  }

  /** The balancer sends the request to the backend it chose. */
  private forward(row: number, backend: number, view: RequestView): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    rows.backend[row] = backend;
    rows.pickedUs[row] = nowUs;
    rows.open[row] = OPEN.client | OPEN.attempt | OPEN.beyond;
    const inFlight = this.balancer.start(backend, view);
    this.recorder.picked(rows.id[row]!, backend, inFlight, nowUs);
    if (this.balancerTimeoutUs !== Infinity) {
      this.agenda.push(nowUs + this.balancerTimeoutUs, PLAN.balancerTimeout, row, rows.generation[row]!);
    }
    if (this.toBackend.isInstant) this.reachBackend(row);
    else this.travel(row, LEG.balancerToBackend, this.toBackend.there(), PLAN.reachBackend);
  }

  /** A crashed server refuses. A hung one lets requests wait without bound: it is too stuck to say no. */
  reachBackend(row: number): void {
    const { rows, servers } = this;
    const server = rows.backend[row]!;
    if ((rows.open[row]! & OPEN.attempt) !== 0) rows.leg[row] = 0;
    if (servers.truth[server] === TRUTH.crashed) this.reply(row, FAILURE.refused);
    else if (!servers.isRunning(server)) this.wait(row, server);
    else if (servers.idle[server]! > 0) this.serve(row, server, 0);
    else if (servers.queued[server]! < servers.queueLimit[server]!) this.wait(row, server);
    else this.reply(row, FAILURE.queueFull);
  }

  private wait(row: number, server: number): void {
    const { rows, servers } = this;
    const nowUs = this.clock.nowUs;
    servers.enqueue(server, row);
    rows.queuedUs[row] = nowUs;
    this.recorder.queued(rows.id[row]!, server, servers.queued[server]!, nowUs);
  }

  /** A worker begins. */
  private serve(row: number, server: number, waitedUs: number): void {
    const { rows, servers } = this;
    const nowUs = this.clock.nowUs;
    const id = rows.id[row]!;
    const workUs = servers.workUs(server, this.kinds[rows.kind[row]!]!.classIndex, id);
    const doneUs = nowUs + workUs;
    rows.worker[row] = servers.occupy(server, row);
    rows.workUs[row] = workUs;
    rows.doneUs[row] = doneUs;
    this.recorder.started(id, server, waitedUs, nowUs);
    this.agenda.push(doneUs, PLAN.workDone, row, rows.generation[row]!);
  }

  workDone(row: number): void {
    const { rows, servers } = this;
    // Otherwise the backend has changed its speed since this was planned.
    if (rows.doneUs[row] !== this.clock.nowUs) return;
    const server = rows.backend[row]!;
    rows.doneUs[row] = Infinity;
    servers.release(server, rows.worker[row]!);
    this.reply(row, SERVED);
    if (servers.queued[server]! > 0) this.serveNext(server);
  }

  private serveNext(server: number): void {
    const row = this.servers.dequeue(server);
    this.serve(row, server, this.clock.nowUs - this.rows.queuedUs[row]!);
  }

  /** The backend's side answers the balancer. */
  private reply(row: number, reply: number): void {
    if (this.toBackend.isInstant) {
      this.take(row, reply);
      return;
    }
    this.rows.reply[row] = reply;
    this.travel(row, LEG.backendToBalancer, this.toBackend.back(), PLAN.replyReachBalancer);
  }

  replyReachBalancer(row: number): void {
    this.take(row, this.rows.reply[row]!);
  }

  /** The balancer takes a reply and passes it on, if it still waits for one. */
  private take(row: number, reply: number): void {
    if ((this.rows.open[row]! & OPEN.attempt) !== 0) {
      this.endAttempt(row, reply, true);
      this.answer(row, reply);
    }
    this.rows.close(row, OPEN.beyond);
  }

  balancerTimeout(row: number): void {
    if ((this.rows.open[row]! & OPEN.attempt) === 0) return;
    this.endAttempt(row, FAILURE.timeout, true);
    this.answer(row, FAILURE.timeout);
  }

  /** The balancer no longer waits for the backend. `judged`: does it say something about the backend's health? */
  private endAttempt(row: number, reply: number, judged: boolean): void {
    const { rows } = this;
    const view = rows.view[row]!;
    const bytes = reply === SERVED ? this.kinds[rows.kind[row]!]!.responseBytes : 0;
    rows.close(row, OPEN.attempt);
    const latencyUs = this.clock.nowUs - rows.pickedUs[row]!;
    this.balancer.end(rows.backend[row]!, view, outcomeKind(reply), outcomeStatus(reply), latencyUs, bytes, judged);
    if (this.layer === 4 && reply !== SERVED && reply !== FAILURE.queueFull) this.closeConnection(row);
  }

  /** The balancer answers the client. */
  private answer(row: number, answer: number): void {
    if (this.toBalancer.isInstant) {
      this.finish(row, answer);
      return;
    }
    this.rows.answer[row] = answer;
    this.travel(row, LEG.balancerToClient, this.toBalancer.back(), PLAN.answerReachClient);
  }

  answerReachClient(row: number): void {
    if ((this.rows.open[row]! & OPEN.client) !== 0) this.finish(row, this.rows.answer[row]!);
  }

  private finish(row: number, answer: number): void {
    if (answer === SERVED) this.succeed(row);
    else this.fail(row, answer);
  }

  private succeed(row: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    const backend = rows.backend[row]!;
    this.servers.served[backend]!++;
    this.recorder.served(rows.id[row]!, backend, nowUs - rows.sentUs[row]!, nowUs);
    rows.close(row, OPEN.client);
  }

  /** The client gives up and closes the connection. */
  clientTimeout(row: number): void {
    const { rows } = this;
    if ((rows.open[row]! & OPEN.client) === 0) return;
    if ((rows.open[row]! & OPEN.attempt) !== 0) this.endAttempt(row, FAILURE.abandoned, false);
    this.closeConnection(row);
    this.fail(row, FAILURE.abandoned);
  }

  private fail(row: number, failure: number): void {
    const { rows } = this;
    const backend = rows.backend[row]!;
    if (backend >= 0) this.servers.failed[backend]!++;
    rows.leg[row] = 0;
    this.recorder.failed(rows.id[row]!, backend, failure, this.clock.nowUs);
    rows.close(row, OPEN.client);
  }

  /** The backend's machine changes: a code of TRUTH, and how many times as long as usual its work takes. */
  become(server: number, truth: number, slowFactor: number): void {
    const { servers } = this;
    const stretch = slowFactor / servers.slowFactor[server]!;
    servers.truth[server] = truth;
    servers.setSlowFactor(server, slowFactor);
    if (truth === TRUTH.crashed) this.loseAll(server);
    else if (truth === TRUTH.hung) this.freeze(server);
    else this.resume(server, stretch);
  }

  /** The balancer cuts all its connections to the backend: who waits for it gets an error. The server works on. */
  cut(backend: number): void {
    const { rows } = this;
    for (let row = 0; row < rows.used; row++) {
      if ((rows.open[row]! & OPEN.attempt) === 0 || rows.backend[row] !== backend) continue;
      this.endAttempt(row, FAILURE.reset, false);
      this.answer(row, FAILURE.reset);
    }
  }

  /** A crash: what was being served or waited there is lost, and the balancer's connections break. */
  private loseAll(server: number): void {
    const { rows, servers } = this;
    for (const row of servers.workersOf(server)) {
      if (row === IDLE) continue;
      rows.doneUs[row] = Infinity;
      servers.release(server, rows.worker[row]!);
      this.reply(row, FAILURE.reset);
    }
    for (let waiting = servers.queued[server]!; waiting > 0; waiting--)
      this.reply(servers.dequeue(server), FAILURE.reset);
  }

  private freeze(server: number): void {
    const { rows } = this;
    for (const row of this.servers.workersOf(server)) {
      if (row === IDLE) continue;
      rows.leftUs[row] = this.leftUs(row);
      rows.doneUs[row] = Infinity;
    }
  }

  /** Work goes on `stretch` times as long as it would have taken, and free workers take up what waits. */
  private resume(server: number, stretch: number): void {
    const { rows, servers } = this;
    const nowUs = this.clock.nowUs;
    for (const row of servers.workersOf(server)) {
      if (row === IDLE) continue;
      rows.doneUs[row] = nowUs + Math.round(this.leftUs(row) * stretch);
      rows.workUs[row]! *= stretch;
      this.agenda.push(rows.doneUs[row], PLAN.workDone, row, rows.generation[row]!);
    }
    while (servers.queued[server]! > 0 && servers.idle[server]! > 0) this.serveNext(server);
  }

  /** The service time that is left for a request in the hands of a worker. */
  leftUs(row: number): number {
    const doneUs = this.rows.doneUs[row]!;
    return doneUs === Infinity ? this.rows.leftUs[row]! : doneUs - this.clock.nowUs;
  }

  /** The number of the long-lived connection whose turn it is; it is opened if it was closed or has lost its backend. */
  private connectionOf(client: Client): number {
    const place = client.nextPlace();
    const current = client.connectionAt(place);
    if (current !== 0 && !this.balancer.isCutOff(current)) return current;
    this.balancer.closeConnection(current);
    client.open(place, ++this.connections);
    return this.connections;
  }

  private closeConnection(row: number): void {
    const client = this.clients[this.rows.client[row]!]!;
    if (!client.longLived) return;
    const { connection } = this.rows.view[row]!;
    client.close(connection);
    this.balancer.closeConnection(connection);
  }

  /** Puts a request on a line. It is shown there only for who still waits for it. */
  private travel(row: number, leg: number, lastsUs: number, event: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    const waits = leg === LEG.balancerToBackend || leg === LEG.backendToBalancer ? OPEN.attempt : OPEN.client;
    if ((rows.open[row]! & waits) !== 0) {
      rows.leg[row] = 1 + leg;
      rows.legStartUs[row] = nowUs;
      rows.legEndUs[row] = nowUs + lastsUs;
    }
    this.agenda.push(nowUs + lastsUs, event, row, rows.generation[row]!);
  }
}

/** How an attempt ended, in the words of the policies. A client that gave up ends it as a timeout. */
function outcomeKind(reply: number): Outcome['kind'] {
  switch (reply) {
    case SERVED:
      return 'served';
    case FAILURE.queueFull:
      return 'rejected';
    case FAILURE.refused:
      return 'refused';
    case FAILURE.reset:
      return 'reset';
    default:
      return 'timeout';
  }
}

function outcomeStatus(reply: number): number {
  if (reply === SERVED) return 200;
  return reply === FAILURE.queueFull ? 503 : 0;
}
