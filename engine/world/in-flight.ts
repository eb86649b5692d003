import { grown } from '../core/columns.ts';
import type { LoadReport } from '../core/policy.ts';
import { RequestView } from '../core/request.ts';
import type { Call } from './call.ts';
import type { Errand } from './care.ts';

/** The code of a good answer; the others are FAILURE codes. */
export const SERVED = 0;

/** Who still has business with a request. Its row is free when nobody has. */
export const OPEN = {
  /** The client waits for an answer. */
  client: 1,
  /** The balancer waits for the backend: the request counts as in flight there. */
  attempt: 2,
  /** It is on its way to the backend, waits or is served there, or its answer is on the way back. */
  beyond: 4,
} as const;

/** Flags: the row is a stream that is open; it is the first row of a request of which some row is. */
export const STREAM = { none: 0, here: 1, elsewhere: 2 } as const;

/** Beside a count of calls: one is under way. */
export const CALLING = 128;

/**
 * The requests that somebody still has business with, as columns with a list of free rows. A request has one row, and one more for each attempt
 * after the first. A row is named by its index and,
 * where it must not be mistaken for a later user of the same row, by its generation as well.
 */
export class InFlight {
  /** OPEN flags; 0: the row is free. */
  open = new Uint8Array(FIRST_CAPACITY);
  /** Counts the uses of the row; the stamp of events that are about the present one. */
  generation = new Int32Array(FIRST_CAPACITY);
  /** Request id, from the arrival at the balancer on; 0 before. */
  id = new Uint32Array(FIRST_CAPACITY);
  client = new Int32Array(FIRST_CAPACITY);
  /** Which of the client's users it is of. */
  user = new Uint32Array(FIRST_CAPACITY);
  /** STREAM flags. */
  stream = new Uint8Array(FIRST_CAPACITY);
  /** The connection it comes on, by number; 0: not known yet. */
  connection = new Float64Array(FIRST_CAPACITY);
  /** Index of the balancer that has it; in a tier, -1 while none has. */
  node = new Int32Array(FIRST_CAPACITY);
  /** In a tier: where its client sends it, as the tier's entry numbers places. */
  address = new Int32Array(FIRST_CAPACITY);
  /** In a tier: 1 when the backend has answered and its node was dead. */
  held = new Uint8Array(FIRST_CAPACITY);
  /** Index of its kind among those of all clients (`Traffic`). */
  kind = new Int32Array(FIRST_CAPACITY);
  /** The session it needs; below 0: it logs in, and session -n begins; 0: neither. */
  session = new Int32Array(FIRST_CAPACITY);
  /** Index of the backend; -1 before one is chosen. */
  backend = new Int32Array(FIRST_CAPACITY);
  /** What the backend answers, from the moment a worker begins: 0 served, else a FAILURE code. */
  reply = new Uint8Array(FIRST_CAPACITY);
  /** The answer on its way from the balancer to the client, coded alike. */
  answer = new Uint8Array(FIRST_CAPACITY);
  /** The error status of a reply that is FAILURE.error. */
  status = new Uint16Array(FIRST_CAPACITY);
  sentUs = new Float64Array(FIRST_CAPACITY);
  pickedUs = new Float64Array(FIRST_CAPACITY);
  /** Came to the backend's machine, and the load it told with its response: where loads are asked for. */
  cameUs = new Float64Array(FIRST_CAPACITY);
  readonly load: (LoadReport | undefined)[] = [];
  /** Joined the backend's queue. */
  queuedUs = new Float64Array(FIRST_CAPACITY);
  /** The whole service time at the backend's present speed. */
  workUs = new Float64Array(FIRST_CAPACITY);
  /** When the worker will be done; Infinity while the backend hangs. */
  doneUs = new Float64Array(FIRST_CAPACITY);
  /** While the backend hangs: the service time that is left. */
  leftUs = new Float64Array(FIRST_CAPACITY);
  worker = new Int32Array(FIRST_CAPACITY);
  /** Calls its backend has made for it to what it depends on, and CALLING while one is under way. */
  calls = new Uint8Array(FIRST_CAPACITY);
  /** Where it travels: 0 nowhere, else 1 + a code of LEG. */
  leg = new Uint8Array(FIRST_CAPACITY);
  legStartUs = new Float64Array(FIRST_CAPACITY);
  legEndUs = new Float64Array(FIRST_CAPACITY);
  /** What the policies see; set on arrival at the balancer. */
  readonly view: RequestView[] = [];
  /** undefined: it is sent once, and that is all. */
  readonly errand: (Errand | undefined)[] = [];
  /** What it is sent for; undefined: for itself. */
  readonly call: (Call | undefined)[] = [];
  /** Rows below this one have been used. */
  used = 0;
  private free = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;

  /** Takes a row for a request that leaves its client now. */
  take(client: number, kind: number, nowUs: number): number {
    const row = this.freeCount > 0 ? this.free[--this.freeCount]! : this.newRow();
    this.open[row] = OPEN.client;
    this.id[row] = 0;
    this.client[row] = client;
    this.kind[row] = kind;
    this.session[row] = 0;
    this.backend[row] = -1;
    this.stream[row] = STREAM.none;
    this.connection[row] = 0;
    this.sentUs[row] = nowUs;
    this.errand[row] = undefined;
    this.call[row] = undefined;
    return row;
  }

  /** Takes a row for a further attempt at the request of row `head`. */
  takeAttempt(head: number): number {
    const row = this.take(this.client[head]!, this.kind[head]!, this.sentUs[head]!);
    this.open[row] = 0;
    this.id[row] = this.id[head]!;
    this.session[row] = this.session[head]!;
    this.node[row] = this.node[head]!;
    this.view[row] = this.view[head]!;
    this.errand[row] = this.errand[head];
    return row;
  }

  /** It is on a line from now on, as figures show it: a code of LEG. */
  begin(row: number, leg: number, nowUs: number, lastsUs: number): void {
    this.leg[row] = 1 + leg;
    this.legStartUs[row] = nowUs;
    this.legEndUs[row] = nowUs + lastsUs;
  }

  /** Somebody's business with the request is over. */
  close(row: number, who: number): void {
    const open = this.open[row]! & ~who;
    this.open[row] = open;
    if (open !== 0) return;
    this.generation[row] = (this.generation[row]! + 1) & HIGHEST_STAMP;
    this.leg[row] = 0;
    this.free[this.freeCount++] = row;
  }

  private newRow(): number {
    if (this.used === this.open.length) this.grow();
    this.view.push(NOBODY);
    this.errand.push(undefined);
    this.call.push(undefined);
    this.load.push(undefined);
    return this.used++;
  }

  private grow(): void {
    this.open = grown(this.open);
    this.generation = grown(this.generation);
    this.id = grown(this.id);
    this.client = grown(this.client);
    this.user = grown(this.user);
    this.stream = grown(this.stream);
    this.connection = grown(this.connection);
    this.node = grown(this.node);
    this.address = grown(this.address);
    this.held = grown(this.held);
    this.kind = grown(this.kind);
    this.session = grown(this.session);
    this.backend = grown(this.backend);
    this.reply = grown(this.reply);
    this.answer = grown(this.answer);
    this.status = grown(this.status);
    this.sentUs = grown(this.sentUs);
    this.pickedUs = grown(this.pickedUs);
    this.cameUs = grown(this.cameUs);
    this.queuedUs = grown(this.queuedUs);
    this.workUs = grown(this.workUs);
    this.doneUs = grown(this.doneUs);
    this.leftUs = grown(this.leftUs);
    this.worker = grown(this.worker);
    this.calls = grown(this.calls);
    this.leg = grown(this.leg);
    this.legStartUs = grown(this.legStartUs);
    this.legEndUs = grown(this.legEndUs);
    this.free = grown(this.free);
  }
}

const NOBODY = new RequestView(0, 0, { client: '', class: '', method: '', host: '', path: '', headers: {} });
/** The events' stamps end there; after that many uses of one row nothing of the first is left to be mistaken. */
const HIGHEST_STAMP = 0x3ffffff;
const FIRST_CAPACITY = 64;
