import type { Clock } from '../balancer/context.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { RequestKind } from './clients.ts';
import type { EventQueue } from './event-queue.ts';
import { CALLING, OPEN, SERVED } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import type { Parts } from './parts.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';
import { FAILING, HELD, IDLE, STOPPED, TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';
import { LOOKUP } from './sessions.ts';
import type { Streams } from './streams.ts';

/** What the machines need to know of the world. */
export interface Surroundings {
  readonly clock: Clock;
  readonly agenda: EventQueue;
  readonly kinds: readonly RequestKind[];
  readonly servers: Servers;
  readonly recorder: Recorder;
  readonly streams: Streams;
  /** By server. */
  readonly parts: readonly (Parts | undefined)[];
}

/**
 * What happens to a request at the backend's machine: server -> queue -> worker -> reply. Who gives up does not stop who works: after a timeout the
 * server still serves the request, and its reply is thrown away.
 *
 * Own work comes first, then the calls to what the backend depends on; the worker is held meanwhile. A machine that is stopped, by its garbage collector
 * or a fault, neither works nor says no; one that is stalled finishes what it has begun.
 */
export class Service {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly kinds: readonly RequestKind[];
  private readonly servers: Servers;
  private readonly recorder: Recorder;
  private readonly streams: Streams;
  private readonly parts: readonly (Parts | undefined)[];
  private readonly rows: InFlight;
  private readonly reply: (row: number, reply: number) => void;
  /** By server: counts its crashes, by which a planned pause is told from one that was lost. */
  private readonly lives: number[] = [];
  /** Told of a server that was stopped and goes on. */
  onGo: (server: number) => void = () => undefined;

  /** `reply` sends what the machine answers: SERVED or a FAILURE code. */
  constructor(around: Surroundings, rows: InFlight, reply: (row: number, reply: number) => void) {
    this.clock = around.clock;
    this.agenda = around.agenda;
    this.kinds = around.kinds;
    this.servers = around.servers;
    this.recorder = around.recorder;
    this.streams = around.streams;
    this.parts = around.parts;
    this.rows = rows;
    this.reply = reply;
  }

  /** A crashed server refuses. A hung one lets requests wait without bound: it is too stuck to say no. */
  reachBackend(row: number): void {
    const { rows, servers } = this;
    const server = rows.backend[row]!;
    if ((rows.open[row]! & OPEN.attempt) !== 0) rows.leg[row] = 0;
    servers.came[server]!++;
    if (servers.metersLoad) {
      rows.cameUs[row] = this.clock.nowUs;
      rows.load[row] = undefined;
    }
    if (servers.truth[server] === TRUTH.crashed || this.isCrowded(server)) this.reply(row, FAILURE.refused);
    else if (!servers.isRunning(server)) this.wait(row, server);
    else if (servers.failShare[server]! > 0 && servers.failAfterUs[server] === 0 && servers.fails(server))
      this.failFast(row, server);
    else if (servers.queued[server]! === 0 && servers.idle[server]! > 0 && servers.held[server] === 0)
      this.serve(row, server, 0);
    else if (servers.queued[server]! < servers.queueLimit[server]! + this.aboutToBegin(server)) this.wait(row, server);
    else this.reply(row, FAILURE.queueFull);
  }

  /** A worker that is idle while others wait has just sent an answer, which brought this request: it takes the next of the queue in this very instant. */
  private aboutToBegin(server: number): number {
    return this.servers.held[server] === 0 ? this.servers.idle[server]! : 0;
  }

  /** Are all its connections taken, and all places before them? */
  isCrowded(server: number): boolean {
    const limit = this.parts[server]?.connectionLimit;
    if (limit === undefined) return false;
    const { servers } = this;
    const busy = servers.workersOf(server).length - servers.idle[server]!;
    return busy + servers.queued[server]! >= limit.max + limit.backlog;
  }

  /** The server is up and its software is broken: it says so at once, or closes the connection without a word. */
  private failFast(row: number, server: number): void {
    const status = this.servers.failStatus[server]!;
    this.rows.status[row] = status;
    if (this.servers.metersLoad) this.meter(row, server, true);
    this.reply(row, status === 0 ? FAILURE.reset : FAILURE.error);
  }

  /** The response tells the load that the server has now. */
  private meter(row: number, server: number, isError: boolean): void {
    const nowUs = this.clock.nowUs;
    this.servers.answered(server, nowUs - this.rows.cameUs[row]!, isError, nowUs);
    this.rows.load[row] = this.servers.loadOf(server, nowUs);
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
    rows.reply[row] = SERVED;
    rows.calls[row] = 0;
    const { classIndex, cost } = this.kinds[rows.kind[row]!]!;
    let workUs = servers.workUs(server, classIndex, id, cost);
    const parts = this.parts[server];
    if (parts !== undefined) workUs = this.withParts(parts, row, server, workUs);
    if (servers.failAfterUs[server]! > 0 && servers.fails(server)) workUs = this.failSlowly(row, server);
    const doneUs = nowUs + workUs;
    rows.worker[row] = servers.occupy(server, row);
    rows.workUs[row] = workUs;
    rows.doneUs[row] = doneUs;
    this.recorder.started(id, server, waitedUs, nowUs);
    this.agenda.push(doneUs, PLAN.workDone, row, rows.generation[row]!);
    if (parts?.collector?.allocate()) this.collect(server, this.livesOf(server));
  }

  /** The request is going to fail. Answers what that takes. */
  private failSlowly(row: number, server: number): number {
    const { rows, servers } = this;
    const status = servers.failStatus[server]!;
    rows.reply[row] = status === 0 ? FAILURE.reset : FAILURE.error;
    rows.status[row] = status;
    return servers.failAfterUs[server]!;
  }

  /** What the request takes when its session is known, or not, and what it needs is in the cache, or not. */
  private withParts({ sessions, cache }: Parts, row: number, server: number, workUs: number): number {
    const { rows } = this;
    const session = rows.session[row]!;
    let lastsUs = workUs;
    if (sessions !== undefined && session !== 0) {
      const waitUs = sessions.waitUs();
      const found = session < 0 ? LOOKUP.found : sessions.lookUp(session, server, this.clock.nowUs);
      if (found !== LOOKUP.found) {
        rows.reply[row] = found === LOOKUP.unknown ? FAILURE.noSession : FAILURE.error;
        rows.status[row] = 500;
        return waitUs;
      }
      lastsUs += waitUs;
    }
    return cache === undefined ? lastsUs : lastsUs + cache.askUs(rows.view[row]!.path);
  }

  workDone(row: number): void {
    const { rows } = this;
    // Otherwise the backend has changed its speed since this was planned.
    if (rows.doneUs[row] !== this.clock.nowUs) return;
    if (this.streams.ends(row)) {
      this.reply(row, SERVED);
      return;
    }
    rows.doneUs[row] = Infinity;
    const parts = this.parts[rows.backend[row]!];
    if (parts === undefined || rows.calls[row] === parts.calls.length || rows.reply[row] !== SERVED) this.finish(row);
    else this.call(row, parts);
  }

  /** The backend asks the next thing it depends on. */
  private call(row: number, { calls, stations }: Parts): void {
    const { rows } = this;
    const generation = rows.generation[row]!;
    const name = calls[rows.calls[row]!]!;
    rows.leftUs[row] = 0;
    rows.calls[row]! += CALLING + 1;
    stations.call(name, (ok) => {
      if (rows.generation[row] === generation && rows.calls[row]! > CALLING) this.called(row, ok);
    });
  }

  private called(row: number, ok: boolean): void {
    const { rows } = this;
    rows.calls[row]! -= CALLING;
    if (!ok) {
      rows.reply[row] = FAILURE.error;
      rows.status[row] = 500;
    }
    rows.leftUs[row] = 0;
    // A machine that is stopped takes the answer when it goes on.
    if (!this.servers.isRunning(rows.backend[row]!)) return;
    rows.doneUs[row] = this.clock.nowUs;
    this.workDone(row);
  }

  private finish(row: number): void {
    const { rows, servers } = this;
    const server = rows.backend[row]!;
    const reply = rows.reply[row]!;
    servers.release(server, rows.worker[row]!);
    if (servers.metersLoad) this.meter(row, server, reply !== SERVED);
    if (rows.session[row]! < 0 && reply === SERVED) {
      this.parts[server]?.sessions?.begin(-rows.session[row]!, server, this.clock.nowUs);
    }
    if (reply !== SERVED || !this.streams.opens(row)) this.reply(row, reply);
    this.takeUp(server);
  }

  /** Free workers take up what waits. */
  private takeUp(server: number): void {
    const { servers } = this;
    while (servers.queued[server]! > 0 && servers.idle[server]! > 0 && servers.beginsWork(server))
      this.serveNext(server);
  }

  private serveNext(server: number): void {
    const row = this.servers.dequeue(server);
    this.serve(row, server, this.clock.nowUs - this.rows.queuedUs[row]!);
  }

  /** The backend's machine changes: a code of TRUTH, and how many times as long as usual its work takes. */
  become(server: number, truth: number, slowFactor: number): void {
    const { servers } = this;
    const stretch = slowFactor / servers.slowFactor[server]!;
    const wasDown = servers.truth[server] === TRUTH.crashed;
    servers.truth[server] = truth;
    servers.setSlowFactor(server, slowFactor);
    if (truth === TRUTH.crashed) this.loseAll(server);
    else if (wasDown) this.comeUp(server);
    if (truth === TRUTH.hung) this.freeze(server);
    else if (truth !== TRUTH.crashed) this.resume(server, stretch);
    this.noteTruth(server);
  }

  /** The machine's state is another one: whoever looks at the run may want to know. */
  noteTruth(server: number): void {
    const { truth, held, failShare } = this.servers;
    const code = truth[server]!;
    const isUp = code <= TRUTH.slow;
    const shown = isUp && held[server]! > 0 ? STOPPED : isUp && failShare[server]! > 0 ? FAILING : code;
    this.recorder.truth(server, shown, this.clock.nowUs);
  }

  /** The machine stops, or its workers begin nothing any more: a code of HELD. */
  hold(server: number, why: number): void {
    const { servers } = this;
    if (servers.truth[server] === TRUTH.crashed) return;
    servers.held[server]! |= why;
    if (why !== HELD.stalled) this.freeze(server);
    this.noteTruth(server);
  }

  /** That is over. */
  letGo(server: number, why: number): void {
    const { servers } = this;
    if ((servers.held[server]! & why) === 0) return;
    servers.held[server]! &= ~why;
    this.noteTruth(server);
    if (!servers.isRunning(server)) return;
    this.resume(server, 1);
    this.onGo(server);
  }

  /** A pause of the garbage collector begins or ends; `life` is the one it was planned in. */
  collect(server: number, life: number): void {
    const { servers } = this;
    const collector = this.parts[server]!.collector!;
    if (life !== this.livesOf(server)) return;
    if ((servers.held[server]! & HELD.collecting) === 0) {
      this.hold(server, HELD.collecting);
      this.planCollection(server, collector.pauseUs());
      return;
    }
    this.planCollection(server, collector.gapUs());
    this.letGo(server, HELD.collecting);
  }

  /** A machine comes up: its collector begins to count. */
  comeUp(server: number): void {
    const { sessions, collector } = this.parts[server] ?? {};
    sessions?.comeBack(server, (other) => this.servers.isRunning(other));
    this.planCollection(server, collector?.gapUs());
  }

  private planCollection(server: number, afterUs: number | undefined): void {
    if (afterUs === undefined) return;
    this.agenda.push(this.clock.nowUs + afterUs, PLAN.collect, server, this.livesOf(server));
  }

  private livesOf(server: number): number {
    return this.lives[server] ?? 0;
  }

  /** A crash: what was being served or waited there is lost, with all that was in memory, and the balancer's connections break. */
  private loseAll(server: number): void {
    const { rows, servers } = this;
    for (const row of this.streams.at(server)) if (this.streams.ends(row)) this.reply(row, FAILURE.reset);
    const parts = this.parts[server];
    parts?.sessions?.lose(server);
    parts?.cache?.flush();
    parts?.collector?.reset();
    this.lives[server] = this.livesOf(server) + 1;
    servers.held[server] = 0;
    for (const row of servers.workersOf(server)) {
      if (row === IDLE) continue;
      rows.doneUs[row] = Infinity;
      rows.calls[row] = 0;
      servers.release(server, rows.worker[row]!);
      this.reply(row, FAILURE.reset);
    }
    for (let waiting = servers.queued[server]!; waiting > 0; waiting--)
      this.reply(servers.dequeue(server), FAILURE.reset);
  }

  private freeze(server: number): void {
    const { rows } = this;
    for (const row of this.servers.workersOf(server)) {
      if (row === IDLE || rows.calls[row]! > CALLING) continue;
      rows.leftUs[row] = this.leftUs(row);
      rows.doneUs[row] = Infinity;
    }
  }

  /** Work goes on `stretch` times as long as it would have taken, and free workers take up what waits. */
  private resume(server: number, stretch: number): void {
    const { rows, servers } = this;
    const nowUs = this.clock.nowUs;
    const isStopped = !servers.isRunning(server);
    for (const row of servers.workersOf(server)) {
      if (row === IDLE || rows.calls[row]! > CALLING) continue;
      const leftUs = Math.round(this.leftUs(row) * stretch);
      rows.workUs[row]! *= stretch;
      if (isStopped) {
        rows.leftUs[row] = leftUs;
        continue;
      }
      rows.doneUs[row] = nowUs + leftUs;
      this.agenda.push(rows.doneUs[row], PLAN.workDone, row, rows.generation[row]!);
    }
    this.takeUp(server);
  }

  /** The service time that is left for a request in the hands of a worker; 0 while it waits for something else than its worker. */
  leftUs(row: number): number {
    const doneUs = this.rows.doneUs[row]!;
    return doneUs === Infinity ? this.rows.leftUs[row]! : doneUs - this.clock.nowUs;
  }
}
