import { NO_BACKEND } from './pool.ts';

/** Sheds what has been waiting while the queue does not empty (Nichols and Jacobson, "Controlling queue delay", 2012; Maurer, "Fail at scale", 2015). */
export interface QueueDelay {
  /** How long a request may wait in a queue that has been standing for `intervalUs`. */
  readonly targetUs: number;
  readonly intervalUs: number;
}

export interface WaitingRoomSettings {
  /** Requests that may wait for any backend of the pool, and for one backend each; Infinity: no bound. */
  readonly limit: number;
  readonly limitPerBackend: number;
  readonly delay?: QueueDelay | undefined;
}

interface Waiting {
  readonly request: number;
  readonly sinceUs: number;
  /** Place in the order of arrival, over all queues of the room. */
  readonly number: number;
}

/**
 * Where requests wait in the balancer until a backend has room: one queue for whoever takes any backend, and one for each backend that somebody is bound
 * to. Both are first in, first out; a backend with room takes the older of the two that stand first. (HAProxy: queue of the proxy and of the server.)
 */
export class WaitingRoom {
  private readonly settings: WaitingRoomSettings;
  private readonly queues = new Map<number, Waiting[]>();
  /** The queue that a request stands in. */
  private readonly places = new Map<number, number>();
  private entered = 0;
  /** Since when somebody has been waiting all the time. */
  private standingSinceUs = 0;

  constructor(settings: WaitingRoomSettings) {
    this.settings = settings;
  }

  get length(): number {
    return this.places.size;
  }

  /** Requests that wait for this backend, or for any (NO_BACKEND). */
  lengthFor(backend: number): number {
    return this.queues.get(backend)?.length ?? 0;
  }

  hasRoom(backend: number): boolean {
    const { limit, limitPerBackend } = this.settings;
    return this.lengthFor(backend) < (backend === NO_BACKEND ? limit : limitPerBackend);
  }

  enter(request: number, backend: number, nowUs: number): void {
    if (this.places.size === 0) this.standingSinceUs = nowUs;
    this.queueFor(backend).push({ request, sinceUs: nowUs, number: ++this.entered });
    this.places.set(request, backend);
  }

  /** The request leaves, served or not. Answers whether it was there. */
  leave(request: number): boolean {
    const backend = this.places.get(request);
    if (backend === undefined) return false;
    this.places.delete(request);
    const queue = this.queueFor(backend);
    queue.splice(
      queue.findIndex((waiting) => waiting.request === request),
      1,
    );
    return true;
  }

  /** Who is next for a backend with room: the older of those first in its own queue and in that for any; undefined: nobody waits. */
  nextFor(backend: number): { readonly request: number; readonly isBound: boolean } | undefined {
    const bound = this.queues.get(backend)?.[0];
    const free = this.queues.get(NO_BACKEND)?.[0];
    if (bound !== undefined && (free === undefined || bound.number < free.number))
      return { request: bound.request, isBound: true };
    return free && { request: free.request, isBound: false };
  }

  /** Is the first in the common queue to be shed rather than served, as the queue has been standing for long and it has waited for long? */
  isStale(request: number, nowUs: number): boolean {
    const { delay } = this.settings;
    if (delay === undefined || nowUs - this.standingSinceUs < delay.intervalUs) return false;
    const first = this.queueFor(this.places.get(request)!)[0]!;
    return nowUs - first.sinceUs > delay.targetUs;
  }

  /** The backend is out: who waited for it now waits for any, in the order of arrival. */
  release(backend: number): void {
    const bound = this.queues.get(backend);
    if (bound === undefined || bound.length === 0) return;
    this.queues.delete(backend);
    for (const { request } of bound) this.places.set(request, NO_BACKEND);
    this.queueFor(NO_BACKEND).push(...bound);
    this.queueFor(NO_BACKEND).sort((a, b) => a.number - b.number);
  }

  private queueFor(backend: number): Waiting[] {
    let queue = this.queues.get(backend);
    if (queue === undefined) this.queues.set(backend, (queue = []));
    return queue;
  }
}

/**
 * HAProxy's dynamic maxconn: what a server may have in flight follows the load of its backend, so that few requests are spread over few slots and a crowd
 * opens all. (haproxy src/queue.c, srv_dynamic_maxconn)
 */
export function dynamicMaxconn(minconn: number, maxconn: number, fullconn: number, served: number): number {
  if (minconn >= maxconn || served >= fullconn) return maxconn;
  return Math.max(minconn, Math.floor((maxconn * served) / fullconn));
}
