import { sampler } from '../core/distributions.ts';
import { invariant } from '../core/invariant.ts';
import type { LoadReport, Rng } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { Threefry } from '../core/threefry.ts';
import { grown } from '../core/columns.ts';
import { LoadMeter } from './load-meter.ts';
import type { Scenario } from './scenario.ts';

export type BackendSpec = Scenario['pools'][number]['backends'][number];

/** How a server really is, which the balancer can only guess at. */
export const TRUTH = { healthy: 1, slow: 2, hung: 3, crashed: 4 } as const;

/** Why a machine that is up does not work: its garbage collector or a fault has stopped it, or its workers begin nothing. */
export const HELD = { collecting: 1, paused: 2, stalled: 4 } as const;

const STANDS = HELD.collecting | HELD.paused;

/** For who looks on: a machine that is up and answers requests with errors, and one that works at nothing new. */
export const FAILING = 5;
export const STOPPED = 6;

/** No request: what an idle worker has. */
export const IDLE = -1;

/**
 * The machines behind the backends, as columns by the engine's index: the truth about each, its workers, its queue in order of arrival.
 * Requests are known by their rows. This only holds things; the request path decides what happens to them.
 *
 * The work a request brings is its own: drawn by its id, not by turn. So another picker, or one backend more, meets the same requests with
 * the same work.
 */
export class Servers {
  /** Codes of TRUTH. */
  truth = new Uint8Array(FIRST_CAPACITY);
  /** Codes of HELD, added up. */
  held = new Uint8Array(FIRST_CAPACITY);
  /** How many times as long as usual work takes; set by `setSlowFactor`. */
  slowFactor = new Float64Array(FIRST_CAPACITY);
  /** Workers that serve no request. */
  idle = new Int32Array(FIRST_CAPACITY);
  /** Requests that wait. */
  queued = new Int32Array(FIRST_CAPACITY);
  /** Requests that may wait; Infinity: no bound. */
  queueLimit = new Float64Array(FIRST_CAPACITY);
  /** The share of requests that fail at once while its machine is up, and the status they get; 0: the connection is closed without a word. */
  failShare = new Float64Array(FIRST_CAPACITY);
  failStatus = new Uint16Array(FIRST_CAPACITY);
  /** The time a worker takes to fail one; 0: it fails at the door. */
  failAfterUs = new Float64Array(FIRST_CAPACITY);
  /** Good answers that reached a client, and requests sent here that failed for their client. */
  served = new Float64Array(FIRST_CAPACITY);
  failed = new Float64Array(FIRST_CAPACITY);
  /** What links know them by. */
  readonly names: (readonly string[])[] = [];
  /** Requests that have come to its machine. */
  came = new Float64Array(FIRST_CAPACITY);
  private count = 0;
  private speed = new Float64Array(FIRST_CAPACITY);
  /** What a service time is multiplied with: slowFactor / speed. */
  private stretch = new Float64Array(FIRST_CAPACITY);
  /** Where a backend's sampler of the first class stands. */
  private firstDraw = new Int32Array(FIRST_CAPACITY);
  private firstWorker = new Int32Array(FIRST_CAPACITY);
  private workers = new Int32Array(FIRST_CAPACITY);
  /** All workers, backend by backend: the row each serves, or IDLE. */
  private hands = new Int32Array(FIRST_CAPACITY);
  private handCount = 0;
  // The queues are linked lists: the row at either end, and behind each row the next.
  private first = new Int32Array(FIRST_CAPACITY);
  private last = new Int32Array(FIRST_CAPACITY);
  private behind = new Int32Array(FIRST_CAPACITY);
  private readonly classes: readonly string[];
  private readonly random: Threefry;
  /** Does anybody ask for loads? */
  metersLoad = false;
  private readonly meters: LoadMeter[] = [];
  private readonly rng: Prng;
  private readonly faults: Rng;
  /** What an attempt takes beyond its work, by backend. */
  private readonly pauses: ((() => number) | undefined)[] = [];
  private readonly draws: (() => number)[] = [];
  /** Backends with the same service times share their samplers: where they begin. */
  private readonly known = new Map<string, number>();

  /** `classes` are the names of the request classes in the order of their indices. */
  constructor(classes: readonly string[], rng: Prng) {
    this.classes = classes;
    this.random = new Threefry(rng);
    this.rng = rng;
    this.faults = rng.fork('faults');
  }

  get length(): number {
    return this.count;
  }

  /** The machine of the next backend starts, healthy and idle. */
  join(spec: BackendSpec): void {
    const server = this.count++;
    if (server === this.truth.length) this.grow();
    this.truth[server] = TRUTH.healthy;
    this.names.push(['backends', `backend:${spec.id}`, `zone:${spec.zone}`]);
    this.speed[server] = spec.speed;
    this.setSlowFactor(server, 1);
    this.queueLimit[server] = spec.queueLimit ?? Infinity;
    this.firstDraw[server] = this.samplersOf(spec);
    this.pauses.push(spec.pause && sampler(spec.pause, this.rng.fork(`pauses:${spec.id}`)));
    this.workers[server] = spec.workers;
    this.idle[server] = spec.workers;
    this.firstWorker[server] = this.handCount;
    this.handCount += spec.workers;
    while (this.hands.length < this.handCount) this.hands = grown(this.hands);
    this.hands.fill(IDLE, this.firstWorker[server], this.handCount);
  }

  /** Does it do anything? */
  isRunning(server: number): boolean {
    return this.truth[server]! <= TRUTH.slow && (this.held[server]! & STANDS) === 0;
  }

  /** Do its workers take up what comes? */
  beginsWork(server: number): boolean {
    return this.truth[server]! <= TRUTH.slow && this.held[server] === 0;
  }

  setSlowFactor(server: number, slowFactor: number): void {
    this.slowFactor[server] = slowFactor;
    this.stretch[server] = slowFactor / this.speed[server]!;
  }

  /** Does the next request fail? */
  fails(server: number): boolean {
    return this.faults.float() < this.failShare[server]!;
  }

  /** The time the request takes at the server's present speed; `cost` multiplies its work. */
  workUs(server: number, classIndex: number, request: number, cost: number): number {
    this.random.address(request);
    const workUs = Math.round(this.draws[this.firstDraw[server]! + classIndex]!() * this.stretch[server]! * cost);
    const pause = this.pauses[server];
    return pause === undefined ? workUs : workUs + pause();
  }

  /** A request that came to the server was answered. Counts only where loads are asked for. */
  answered(server: number, tookUs: number, isError: boolean, nowUs: number): void {
    if (this.metersLoad) this.meterOf(server).answered(tookUs, isError, nowUs);
  }

  /** What the server says of itself now. */
  loadOf(server: number, nowUs: number): LoadReport {
    const meter = this.meterOf(server);
    return {
      ...this.occupancy(server),
      latencyUs: meter.latencyUs(),
      rateRps: meter.rateRps(nowUs),
      errorsRps: meter.errorsRps(nowUs),
    };
  }

  /** How much it has to do at this moment. */
  occupancy(server: number): { readonly inFlight: number; readonly utilisation: number } {
    const workers = this.workers[server]!;
    const busy = workers - this.idle[server]!;
    return { inFlight: busy + this.queued[server]!, utilisation: busy / workers };
  }

  private meterOf(server: number): LoadMeter {
    return (this.meters[server] ??= new LoadMeter());
  }

  /** The rows its workers serve, IDLE where one is free. A view: read it before anything else happens. */
  workersOf(server: number): Int32Array {
    const first = this.firstWorker[server]!;
    return this.hands.subarray(first, first + this.workers[server]!);
  }

  /** Gives the row to an idle worker, of which there must be one. Answers which, to be named when it is done. */
  occupy(server: number, row: number): number {
    let worker = this.firstWorker[server]!;
    while (this.hands[worker] !== IDLE) worker++;
    this.hands[worker] = row;
    this.idle[server]!--;
    return worker;
  }

  release(server: number, worker: number): void {
    this.hands[worker] = IDLE;
    this.idle[server]!++;
  }

  enqueue(server: number, row: number): void {
    while (row >= this.behind.length) this.behind = grown(this.behind);
    if (this.queued[server]!++ === 0) this.first[server] = row;
    else this.behind[this.last[server]!] = row;
    this.last[server] = row;
  }

  /** Takes the row that has waited longest; there must be one. */
  dequeue(server: number): number {
    const row = this.first[server]!;
    this.first[server] = this.behind[row]!;
    this.queued[server]!--;
    return row;
  }

  private samplersOf(spec: BackendSpec): number {
    const key = JSON.stringify(spec.service);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const first = this.draws.length;
    for (const name of this.classes) {
      const service = spec.service[name] ?? spec.service['default'];
      invariant(
        service !== undefined,
        `backend "${spec.id}" needs a service time for the class "${name}" or "default"`,
      );
      this.draws.push(sampler(service, this.random));
    }
    this.known.set(key, first);
    return first;
  }

  private grow(): void {
    this.truth = grown(this.truth);
    this.slowFactor = grown(this.slowFactor);
    this.idle = grown(this.idle);
    this.queued = grown(this.queued);
    this.queueLimit = grown(this.queueLimit);
    this.failShare = grown(this.failShare);
    this.failStatus = grown(this.failStatus);
    this.failAfterUs = grown(this.failAfterUs);
    this.held = grown(this.held);
    this.served = grown(this.served);
    this.failed = grown(this.failed);
    this.came = grown(this.came);
    this.speed = grown(this.speed);
    this.stretch = grown(this.stretch);
    this.firstDraw = grown(this.firstDraw);
    this.firstWorker = grown(this.firstWorker);
    this.workers = grown(this.workers);
    this.first = grown(this.first);
    this.last = grown(this.last);
  }
}

const FIRST_CAPACITY = 64;
