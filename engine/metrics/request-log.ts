import { grown } from '../core/columns.ts';

/** Values of the outcome column beside the FAILURE codes of event-kind.ts. */
export const PENDING = 0;
export const SERVED = 255;

/** What the indices in the columns stand for. The arrays are the engine's own and may grow. */
export interface LogNames {
  readonly clients: readonly string[];
  readonly classes: readonly string[];
  readonly backends: readonly string[];
}

/**
 * One row per request, in the order of arrival at the balancer: request `id` is row `id - 1`. 53 bytes a request.
 * Times are whole microseconds, NaN until they happened. Entries from `length` on mean nothing; growing replaces a column.
 */
export class RequestLog {
  readonly names: LogNames;
  client = new Uint16Array(FIRST_CAPACITY);
  class = new Uint16Array(FIRST_CAPACITY);
  /** Index of the backend it was last sent to; -1: none. */
  backend = new Int32Array(FIRST_CAPACITY);
  /** Left the client. */
  sentUs = new Float64Array(FIRST_CAPACITY);
  /** Reached the balancer. */
  arrivedUs = new Float64Array(FIRST_CAPACITY);
  /** In flight at the backend when it was picked, this one included; 0: never picked. */
  inFlight = new Uint32Array(FIRST_CAPACITY);
  /** Joined the backend's queue; NaN for one that found a free worker. */
  queuedUs = new Float64Array(FIRST_CAPACITY);
  /** A worker of the backend began. */
  startedUs = new Float64Array(FIRST_CAPACITY);
  /** The client has the response or the error, or gave up. The latency is endedUs - sentUs. */
  endedUs = new Float64Array(FIRST_CAPACITY);
  /** PENDING, SERVED or a FAILURE code. */
  outcome = new Uint8Array(FIRST_CAPACITY);
  /** In a tier: index of the balancer it reached first; 65535: none. Else empty. */
  node: Uint16Array;
  #length = 0;

  constructor(names: LogNames, hasTier = false) {
    this.names = names;
    this.node = new Uint16Array(hasTier ? FIRST_CAPACITY : 0);
  }

  get length(): number {
    return this.#length;
  }

  /** A request reached the balancer. Answers its id. */
  arrive(client: number, requestClass: number, sentUs: number, arrivedUs: number, node = 0): number {
    const row = this.#length;
    if (row === this.outcome.length) this.#grow();
    this.client[row] = client;
    this.class[row] = requestClass;
    this.sentUs[row] = sentUs;
    this.arrivedUs[row] = arrivedUs;
    this.reopen(row + 1);
    if (this.node.length > 0) this.node[row] = node;
    this.#length = row + 1;
    return row + 1;
  }

  /** Begins with the first `length` requests of another log, as they stand there; this one must be empty. */
  begin(from: RequestLog, length: number): void {
    this.client = from.client.slice();
    this.class = from.class.slice();
    this.backend = from.backend.slice();
    this.sentUs = from.sentUs.slice();
    this.arrivedUs = from.arrivedUs.slice();
    this.inFlight = from.inFlight.slice();
    this.queuedUs = from.queuedUs.slice();
    this.startedUs = from.startedUs.slice();
    this.endedUs = from.endedUs.slice();
    this.outcome = from.outcome.slice();
    this.node = from.node.slice();
    this.#length = length;
  }

  /** The request has only just arrived. */
  reopen(id: number): void {
    const row = id - 1;
    this.backend[row] = -1;
    this.inFlight[row] = 0;
    this.queuedUs[row] = NaN;
    this.startedUs[row] = NaN;
    this.endedUs[row] = NaN;
    this.outcome[row] = PENDING;
  }

  pick(id: number, backend: number, inFlight: number): void {
    this.backend[id - 1] = backend;
    this.inFlight[id - 1] = inFlight;
  }

  queue(id: number, atUs: number): void {
    this.queuedUs[id - 1] = atUs;
  }

  start(id: number, atUs: number): void {
    this.startedUs[id - 1] = atUs;
  }

  /** `outcome` is SERVED or a FAILURE code. */
  end(id: number, atUs: number, outcome: number): void {
    this.endedUs[id - 1] = atUs;
    this.outcome[id - 1] = outcome;
  }

  #grow(): void {
    this.client = grown(this.client);
    this.class = grown(this.class);
    this.backend = grown(this.backend);
    this.sentUs = grown(this.sentUs);
    this.arrivedUs = grown(this.arrivedUs);
    this.inFlight = grown(this.inFlight);
    this.queuedUs = grown(this.queuedUs);
    this.startedUs = grown(this.startedUs);
    this.endedUs = grown(this.endedUs);
    this.outcome = grown(this.outcome);
    this.node = grown(this.node);
  }
}

const FIRST_CAPACITY = 256;
