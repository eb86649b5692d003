import type { Balancer } from '../balancer/balancer.ts';
import { DELAYED, LIMITED, NO_ROUTE, REPLIED } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import { NO_BACKEND } from '../balancer/pool.ts';
import type { Outcome } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import { Attempts } from './attempts.ts';
import { REUSED } from './backend-connections.ts';
import type { BackendConnections } from './backend-connections.ts';
import type { Call } from './call.ts';
import type { Care } from './care.ts';
import type { ClientSide } from './client-side.ts';
import type { Client, RequestKind } from './clients.ts';
import { DirectReturn } from './direct-return.ts';
import type { EventQueue } from './event-queue.ts';
import { LEG } from './frame.ts';
import { Handover } from './handover.ts';
import { OPEN, SERVED, STREAM } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import type { Asker, LoadProbes } from './load-probes.ts';
import type { Line } from './network.ts';
import { Messages } from './messages.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';
import { answerStatus, isResponse, isSilent, outcomeKind, outcomeStatus } from './replies.ts';
import type { RequestWorld } from './request-world.ts';
import type { Service } from './service.ts';

/**
 * The way of one request, in the order of this file: client -> network -> balancer -> network -> server (service.ts) -> reply -> network ->
 * balancer -> answer -> network -> client. Where a pool retries, hedges, queues or has deadlines, attempts.ts stands between balancer and backend.
 * A line without length costs no event: the next stage begins at once, within the same call.
 *
 * A client that gives up closes its connection, and the balancer notices at once.
 */
export class RequestPath {
  readonly rows: InFlight;
  private readonly node: number;
  private readonly lastPick: { request: number; backend: number };
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
  private readonly cares: readonly (Care | undefined)[];
  /** undefined: answers come back through the balancer. */
  private readonly direct: DirectReturn | undefined;
  private readonly backendConnections: BackendConnections | undefined;
  private readonly attempts: Attempts;
  readonly service: Service;
  /** undefined: there is no tier. */
  readonly handover: Handover | undefined;
  private readonly clientSide: ClientSide;
  private readonly setsCookies: boolean;
  private readonly loadProbes: LoadProbes | undefined;
  private readonly asker: Asker;
  private readonly messages: Messages;

  constructor(around: RequestWorld) {
    this.rows = around.rows;
    this.node = around.node;
    this.lastPick = around.lastPick;
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
    this.cares = around.cares;
    this.backendConnections = around.backendConnections;
    this.setsCookies = around.setsCookies;
    this.loadProbes = around.loadProbes;
    this.asker = { balancer: around.balancer, network: around.toAsk };
    this.attempts = new Attempts(this, around.balancer, around.agenda, around.clock, around.recorder);
    this.clientSide = around.clientSide;
    this.handover = around.crossings && new Handover(this, around, around.crossings);
    this.direct = around.isDirect ? new DirectReturn(around) : undefined;
    this.service = around.service;
    this.messages = new Messages(around, (row) => {
      this.take(row, FAILURE.timeout);
    });
  }

  /** What was planned for a row is due: a code of PLAN. */
  follow(kind: number, row: number): void {
    if (this.rows.stream[row] !== STREAM.none && TIMERS.includes(kind)) return;
    switch (kind) {
      case PLAN.workDone:
        this.service.workDone(row);
        break;
      case PLAN.reachBalancer:
        this.reachBalancer(row);
        break;
      case PLAN.reachBackend:
        this.reachBackend(row);
        break;
      case PLAN.directReachClient:
        this.direct!.reachClient(row);
        break;
      case PLAN.doneReachBalancer:
        this.direct!.doneReachBalancer(row);
        break;
      case PLAN.connected:
        this.connected(row);
        break;
      case PLAN.replyReachBalancer:
        this.take(row, this.rows.reply[row]!);
        break;
      case PLAN.answerReachClient:
        this.answerReachClient(row);
        break;
      case PLAN.balancerTimeout:
        this.balancerTimeout(row);
        break;
      case PLAN.clientTimeout:
        this.clientTimeout(row);
        break;
      case PLAN.missed:
        this.clientSide.miss(row);
        break;
      case PLAN.admit:
        if ((this.rows.open[row]! & OPEN.client) !== 0) this.enter(row, this.rows.view[row]!);
        break;
      case PLAN.retry:
        this.attempts.retry(row);
        break;
      case PLAN.hedge:
        this.attempts.hedge(row);
        break;
      case PLAN.overallTimeout:
        this.attempts.overallTimeout(row);
        break;
      case PLAN.queueTimeout:
        this.attempts.queueTimeout(row);
        break;
    }
  }

  /** A request leaves its client, for a call or for itself. */
  depart(client: number, call: Call | undefined): void {
    const row = this.clientSide.take(client, call);
    const opensUs = this.clientSide.openUs(row);
    if (this.toBalancer.isInstant && opensUs === 0) this.reachBalancer(row);
    else this.messages.travel(row, LEG.clientToBalancer, opensUs + this.toBalancer.there(), PLAN.reachBalancer);
  }

  private reachBalancer(row: number): void {
    if (this.rows.connection[row] === 0) this.clientSide.assign(row);
    if (this.clientSide.isLetIn(row, this.node)) this.receive(row);
  }

  /** The request is there. */
  receive(row: number): void {
    this.enter(row, this.clientSide.register(row));
  }

  /** The balancer chooses: a backend, or it answers by itself. */
  private enter(row: number, view: RequestView): void {
    const { balancer, handover } = this;
    if (handover?.isRefused(row, view)) return;
    const backend = balancer.choose(view, this.clients[this.rows.client[row]!]!.longLived, handover?.opens(row));
    if (handover?.isLedAstray(row, view, backend)) return;
    this.lastPick.request = this.rows.id[row]!;
    this.lastPick.backend = backend < 0 ? -1 : backend;
    if (backend < NO_BACKEND) this.turnAway(row, backend);
    else {
      const pool = backend < 0 ? balancer.lastPool : balancer.poolOf(backend);
      const care = this.cares[pool];
      if (care !== undefined) this.attempts.begin(row, pool, backend, care);
      else if (backend < 0) this.answer(row, FAILURE.noBackend);
      else this.forward(row, backend);
    }
  }

  /** `code` says why no pool gets the request. */
  private turnAway(row: number, code: number): void {
    const { balancer } = this;
    if (code === DELAYED) {
      this.agenda.push(this.clock.nowUs + balancer.front.waitUs, PLAN.admit, row, this.rows.generation[row]!);
    } else if (code === REPLIED) {
      this.rows.status[row] = balancer.front.reply.status;
      this.answer(row, balancer.front.reply.status < 400 ? SERVED : FAILURE.replied);
    } else if (code === LIMITED) this.answer(row, FAILURE.limited);
    else this.answer(row, code === NO_ROUTE ? FAILURE.noRoute : FAILURE.refused);
  }

  /** The balancer sends the request to the backend it chose. */
  forward(row: number, backend: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    rows.backend[row] = backend;
    rows.pickedUs[row] = nowUs;
    rows.open[row]! |= OPEN.attempt | OPEN.beyond;
    const view = rows.view[row]!;
    const inFlight = this.balancer.start(backend, view);
    this.recorder.picked(rows.id[row]!, backend, inFlight, nowUs);
    if (this.setsCookies) this.clientSide.willSet(row, this.cookieFor(row, backend, view));
    const timeoutUs = rows.errand[row]?.care.tryUs ?? this.balancerTimeoutUs;
    // Who sees no answers cannot miss one.
    if (timeoutUs !== Infinity && this.direct === undefined) {
      this.agenda.push(nowUs + timeoutUs, PLAN.balancerTimeout, row, rows.generation[row]!);
    }
    const opensUs = this.backendConnections?.begin(row, backend, nowUs, view.connection) ?? REUSED;
    if (opensUs === REUSED) this.send(row);
    else this.agenda.push(nowUs + opensUs, PLAN.connected, row, rows.generation[row]!);
    this.loadProbes?.ask(this.asker, backend, view);
  }

  private cookieFor(row: number, backend: number, view: RequestView): string | undefined {
    this.handover?.bound(row, backend);
    return this.balancer.cookieFor(backend, view);
  }

  /** A part of the handshake with the backend is over. */
  private connected(row: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    const backend = rows.backend[row]!;
    if ((rows.open[row]! & OPEN.attempt) === 0) rows.close(row, OPEN.beyond);
    else if (this.servers.truth[backend] === TRUTH.crashed) this.take(row, FAILURE.refused);
    else {
      const restUs = this.backendConnections!.rest(row);
      if (restUs > 0) this.agenda.push(nowUs + restUs, PLAN.connected, row, rows.generation[row]!);
      else {
        this.recorder.connected(rows.id[row]!, backend, nowUs - this.backendConnections!.begunUs(row), nowUs);
        this.send(row);
      }
    }
  }

  private send(row: number): void {
    if (this.toBackend.isInstant) this.reachBackend(row);
    else this.messages.travel(row, LEG.balancerToBackend, this.toBackend.there(), PLAN.reachBackend);
  }

  /** The backend may have closed the connection while the request was on its way. */
  private reachBackend(row: number): void {
    if (this.backendConnections?.isClosed(row, this.clock.nowUs)) this.reply(row, FAILURE.reset);
    else this.service.reachBackend(row);
  }

  /** The backend's side answers the balancer. */
  reply(row: number, reply: number): void {
    if (this.clients[this.rows.client[row]!]!.isUdp && isSilent(reply)) this.rows.close(row, OPEN.beyond);
    else if (this.direct !== undefined) this.direct.reply(row, reply);
    else this.replyBack(row, reply);
  }

  private replyBack(row: number, reply: number): void {
    if (this.toBackend.isInstant) {
      this.take(row, reply);
      return;
    }
    this.rows.reply[row] = reply;
    this.messages.travel(row, LEG.backendToBalancer, this.toBackend.back(), PLAN.replyReachBalancer);
  }

  /** The balancer takes a reply and passes it on, if it still waits for one. */
  take(row: number, reply: number): void {
    if ((this.rows.open[row]! & OPEN.attempt) !== 0) {
      this.endAttempt(row, reply, true);
      this.settle(row, reply);
    }
    this.rows.close(row, OPEN.beyond);
  }

  private balancerTimeout(row: number): void {
    if ((this.rows.open[row]! & OPEN.attempt) === 0) return;
    this.endAttempt(row, FAILURE.timeout, true);
    this.settle(row, FAILURE.timeout);
  }

  /** The attempt of this row is over: the client is answered, unless there are others to wait for or to make. */
  private settle(row: number, reply: number): void {
    const errand = this.rows.errand[row];
    if (errand === undefined) this.answer(row, reply);
    else this.attempts.ended(row, errand, reply, this.outcomeOf(row, reply));
  }

  private outcomeOf(row: number, reply: number): Outcome {
    const { rows } = this;
    return {
      kind: outcomeKind(reply),
      status: outcomeStatus(reply, rows.status[row]!),
      latencyUs: this.clock.nowUs - rows.pickedUs[row]!,
      bytes: reply === SERVED ? this.kinds[rows.kind[row]!]!.responseBytes : 0,
    };
  }

  /** The balancer no longer waits for this attempt, and for no fault of the backend unless it is a timeout. */
  giveUp(row: number, reply: number): void {
    if ((this.rows.open[row]! & OPEN.attempt) !== 0) this.endAttempt(row, reply, reply === FAILURE.timeout);
  }

  /** The balancer no longer waits for the backend. `judged`: does it say something about the backend's health? */
  private endAttempt(row: number, reply: number, judged: boolean): void {
    const { rows } = this;
    const view = rows.view[row]!;
    const bytes = reply === SERVED ? this.kinds[rows.kind[row]!]!.responseBytes : 0;
    this.recorder.bytesOut += bytes;
    rows.close(row, OPEN.attempt);
    if (rows.session[row]! < 0 && reply === SERVED && this.layer === 7)
      this.balancer.heardCookie(rows.backend[row]!, view, this.clientSide.cookieOfLogin(row)!);
    if (this.backendConnections !== undefined) this.releaseConnection(row, reply);
    const latencyUs = this.clock.nowUs - rows.pickedUs[row]!;
    this.balancer.end(
      rows.backend[row]!,
      view,
      outcomeKind(reply),
      outcomeStatus(reply, rows.status[row]!),
      latencyUs,
      bytes,
      judged,
      this.servers.metersLoad ? rows.load[row] : undefined,
    );
    if (this.layer === 4 && !isResponse(reply)) this.clientSide.close(row);
  }

  /** The connection can be used again after a whole answer. The backend counts its idle time from when it sent that. */
  private releaseConnection(row: number, reply: number): void {
    const { rows, toBackend } = this;
    const nowUs = this.clock.nowUs;
    const answeredUs = toBackend.isInstant ? nowUs : rows.legStartUs[row]!;
    this.backendConnections!.end(row, rows.backend[row]!, isResponse(reply), nowUs, answeredUs);
  }

  /** The balancer answers the client. */
  answer(row: number, answer: number): void {
    this.balancer.front.answered(
      this.rows.view[row]!,
      answerStatus(answer, this.rows.status[row]!),
      this.clock.nowUs - this.rows.sentUs[row]!,
    );
    const farUs = this.handover?.farUs(row) ?? 0;
    if (this.toBalancer.isInstant && farUs === 0) {
      this.clientSide.finish(row, answer);
      return;
    }
    this.rows.answer[row] = answer;
    this.messages.travel(row, LEG.balancerToClient, this.toBalancer.back() + farUs, PLAN.answerReachClient);
  }

  private answerReachClient(row: number): void {
    if ((this.rows.open[row]! & OPEN.client) !== 0) this.clientSide.finish(row, this.rows.answer[row]!);
  }

  /** The client gives up and closes the connection. */
  private clientTimeout(row: number): void {
    if ((this.rows.open[row]! & OPEN.client) === 0) return;
    this.release(row);
    this.clientSide.close(row);
    this.clientSide.fail(row, FAILURE.abandoned);
  }

  /** Nobody waits here any more for the answer to the request. */
  release(row: number): void {
    const { rows } = this;
    const errand = rows.errand[row];
    if (errand !== undefined) this.attempts.abandon(errand);
    else if ((rows.open[row]! & OPEN.attempt) !== 0) this.endAttempt(row, FAILURE.abandoned, false);
    this.balancer.front.answered(rows.view[row]!, 0, this.clock.nowUs - rows.sentUs[row]!);
  }

  /** The balancer thinks otherwise of a backend: who waits may go there now, or elsewhere. */
  changed(backend: number): void {
    const care = this.cares[this.balancer.poolOf(backend)];
    if (care !== undefined) this.attempts.changed(care, backend);
  }

  /** The balancer cuts all its connections to the backend: who waits for it gets an error. The server works on. */
  cut(backend: number): void {
    const { rows } = this;
    for (let row = 0; row < rows.used; row++) {
      if ((rows.open[row]! & OPEN.attempt) === 0 || rows.backend[row] !== backend) continue;
      if (rows.node[row] !== this.node) continue;
      this.endAttempt(row, FAILURE.reset, false);
      this.settle(row, FAILURE.reset);
    }
  }
}

/** What ends a request that takes too long; a stream may. */
const TIMERS: readonly number[] = [PLAN.balancerTimeout, PLAN.clientTimeout, PLAN.overallTimeout, PLAN.hedge];
