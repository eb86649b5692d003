import type { Clock } from '../balancer/context.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import type { RequestKind } from './clients.ts';
import type { EventQueue } from './event-queue.ts';
import { OPEN, SERVED } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { PLAN } from './plan.ts';
import type { Recorder } from './recorder.ts';
import { IDLE, TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';
import type { Streams } from './streams.ts';

/** What the machines need to know of the world. */
export interface Surroundings {
  readonly clock: Clock;
  readonly agenda: EventQueue;
  readonly kinds: readonly RequestKind[];
  readonly servers: Servers;
  readonly recorder: Recorder;
  readonly streams: Streams;
}

/**
 * What happens to a request at the backend's machine: server -> queue -> worker -> reply. Who gives up does not stop who works: after a timeout the
 * server still serves the request, and its reply is thrown away.
 */
export class Service {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly kinds: readonly RequestKind[];
  private readonly servers: Servers;
  private readonly recorder: Recorder;
  private readonly streams: Streams;
  private readonly rows: InFlight;
  private readonly reply: (row: number, reply: number) => void;

  /** `reply` sends what the machine answers: SERVED or a FAILURE code. */
  constructor(around: Surroundings, rows: InFlight, reply: (row: number, reply: number) => void) {
    this.clock = around.clock;
    this.agenda = around.agenda;
    this.kinds = around.kinds;
    this.servers = around.servers;
    this.recorder = around.recorder;
    this.streams = around.streams;
    this.rows = rows;
    this.reply = reply;
  }

  /** A crashed server refuses. A hung one lets requests wait without bound: it is too stuck to say no. */
  reachBackend(row: number): void {
    const { rows, servers } = this;
    const server = rows.backend[row]!;
    if ((rows.open[row]! & OPEN.attempt) !== 0) rows.leg[row] = 0;
    if (servers.metersLoad) {
      rows.cameUs[row] = this.clock.nowUs;
      rows.load[row] = undefined;
    }
    if (servers.truth[server] === TRUTH.crashed) this.reply(row, FAILURE.refused);
    else if (!servers.isRunning(server)) this.wait(row, server);
    else if (servers.failShare[server]! > 0 && servers.fails(server)) this.failFast(row, server);
    else if (servers.queued[server]! === 0 && servers.idle[server]! > 0) this.serve(row, server, 0);
    // A worker that is idle while others wait has just sent an answer, which brought this request: it takes the next of the queue in this very instant.
    else if (servers.queued[server]! < servers.queueLimit[server]! + servers.idle[server]!) this.wait(row, server);
    else this.reply(row, FAILURE.queueFull);
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
    const { classIndex, cost } = this.kinds[rows.kind[row]!]!;
    const workUs = servers.workUs(server, classIndex, id, cost);
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
    if (this.streams.ends(row)) {
      this.reply(row, SERVED);
      return;
    }
    const server = rows.backend[row]!;
    rows.doneUs[row] = Infinity;
    servers.release(server, rows.worker[row]!);
    if (servers.metersLoad) this.meter(row, server, false);
    if (!this.streams.opens(row)) this.reply(row, SERVED);
    this.takeUp(server);
  }

  /** Free workers take up what waits. */
  private takeUp(server: number): void {
    const { servers } = this;
    while (servers.queued[server]! > 0 && servers.idle[server]! > 0) this.serveNext(server);
  }

  private serveNext(server: number): void {
    const row = this.servers.dequeue(server);
    this.serve(row, server, this.clock.nowUs - this.rows.queuedUs[row]!);
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

  /** A crash: what was being served or waited there is lost, and the balancer's connections break. */
  private loseAll(server: number): void {
    const { rows, servers } = this;
    for (const row of this.streams.at(server)) if (this.streams.ends(row)) this.reply(row, FAILURE.reset);
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
    this.takeUp(server);
  }

  /** The service time that is left for a request in the hands of a worker. */
  leftUs(row: number): number {
    const doneUs = this.rows.doneUs[row]!;
    return doneUs === Infinity ? this.rows.leftUs[row]! : doneUs - this.clock.nowUs;
  }
}
