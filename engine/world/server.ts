import { sampler } from '../core/distributions.ts';
import { invariant } from '../core/invariant.ts';
import type { Rng } from '../core/policy.ts';
import { grown } from '../metrics/columns.ts';
import type { Scenario } from './scenario.ts';

export type BackendSpec = Scenario['pools'][number]['backends'][number];

/** How a server really is, which the balancer can only guess at. */
export const TRUTH = { healthy: 1, slow: 2, hung: 3, crashed: 4 } as const;

/**
 * The machine behind a backend: workers, a queue in order of arrival, and the truth about its health. Requests are known by their rows.
 * It only holds things; the request path decides what happens to them.
 */
export class Server {
  readonly id: string;
  readonly pool: number;
  truth: number = TRUTH.healthy;
  /** How many times as long as usual work takes. */
  slowFactor = 1;
  /** The row each worker serves; IDLE: none. */
  readonly workers: Int32Array;
  busy = 0;
  /** Requests that may wait. */
  readonly queueLimit: number;
  queued = 0;
  /** Answers that reached a client, and requests sent here that failed for it. */
  served = 0;
  failed = 0;
  // The queue is a ring; its capacity is a power of two.
  private ring = new Int32Array(8);
  private head = 0;
  private readonly speed: number;
  private readonly drawUs: readonly (() => number)[];

  /** `classes` are the names of the request classes in the order of their indices. */
  constructor(spec: BackendSpec, pool: number, classes: readonly string[], rng: Rng) {
    this.id = spec.id;
    this.pool = pool;
    this.workers = new Int32Array(spec.workers).fill(IDLE);
    this.queueLimit = spec.queueLimit ?? Infinity;
    this.speed = spec.speed;
    this.drawUs = classes.map((name) => {
      const service = spec.service[name] ?? spec.service['default'];
      invariant(
        service !== undefined,
        `backend "${spec.id}" needs a service time for the class "${name}" or "default"`,
      );
      return sampler(service, rng);
    });
  }

  /** Does it take up work? */
  get isRunning(): boolean {
    return this.truth <= TRUTH.slow;
  }

  /** A fresh service time for a request of the class, at the present speed. */
  drawWorkUs(classIndex: number): number {
    return Math.round((this.drawUs[classIndex]!() * this.slowFactor) / this.speed);
  }

  /** A free worker; IDLE when all are busy. */
  idleWorker(): number {
    return this.busy === this.workers.length ? IDLE : this.workers.indexOf(IDLE);
  }

  occupy(worker: number, row: number): void {
    this.workers[worker] = row;
    this.busy++;
  }

  release(worker: number): void {
    this.workers[worker] = IDLE;
    this.busy--;
  }

  enqueue(row: number): void {
    if (this.queued === this.ring.length) this.growRing();
    this.ring[(this.head + this.queued) & (this.ring.length - 1)] = row;
    this.queued++;
  }

  /** Takes the row that has waited longest. There must be one. */
  dequeue(): number {
    const row = this.ring[this.head]!;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.queued--;
    return row;
  }

  /** The ring is full: what stands before the head is the newest and moves behind the rest. */
  private growRing(): void {
    const size = this.ring.length;
    this.ring = grown(this.ring);
    this.ring.copyWithin(size, 0, this.head);
  }
}

export const IDLE = -1;
