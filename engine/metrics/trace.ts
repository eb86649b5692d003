import { Digest } from '../core/digest.ts';
import { grown } from '../core/columns.ts';
import { SideNotes } from './side-notes.ts';

/** One row of a trace. */
export interface TraceEvent {
  readonly atUs: number;
  /** One of EVENT_KIND. */
  readonly kind: number;
  /** Request id; 0 where the event has none. */
  readonly request: number;
  /** Index of the backend; -1 where the event has none. */
  readonly backend: number;
  /** What it holds is said with each kind in event-kind.ts. */
  readonly value: number;
  /** Index of the balancer it is of, -1 where it is of none; in a tier only. */
  readonly node?: number;
}

/**
 * Everything that happened in a run, in order, as columns: 25 bytes an event.
 * Reading a column directly is fastest; its entries from `length` on mean nothing, and growing replaces it.
 */
export class Trace {
  atUs = new Float64Array(FIRST_CAPACITY);
  kind = new Uint8Array(FIRST_CAPACITY);
  request = new Uint32Array(FIRST_CAPACITY);
  backend = new Int32Array(FIRST_CAPACITY);
  value = new Float64Array(FIRST_CAPACITY);
  /** In a tier: index of the balancer, or NOBODY. Else empty. */
  node: Uint16Array;
  /** What no balancer can see. It is in no digest. */
  readonly notes = new SideNotes();
  #length = 0;
  readonly #digest = new Digest();
  /** So many rows are in the digest: who never asks for it does not pay for it. */
  #digested = 0;
  readonly #hasTier: boolean;
  readonly #forgets: boolean;

  /** `hasTier`: there are several balancers, and each event says whose it is. `forgets`: rows are there for the digest alone, and only the last few stay. */
  constructor(hasTier = false, forgets = false) {
    this.#hasTier = hasTier;
    this.#forgets = forgets;
    this.node = new Uint16Array(hasTier ? FIRST_CAPACITY : 0);
  }

  get length(): number {
    return this.#length;
  }

  append(atUs: number, kind: number, request: number, backend: number, value: number, node = 0): void {
    if (this.#length === this.kind.length) this.#makeRoom();
    const row = this.#length;
    this.atUs[row] = atUs;
    this.kind[row] = kind;
    this.request[row] = request;
    this.backend[row] = backend;
    this.value[row] = value;
    if (this.#hasTier) this.node[row] = node;
    this.#length = row + 1;
  }

  /** Begins with the first `length` rows of another trace; this one must be empty. */
  begin(from: Trace, length: number): void {
    this.atUs = from.atUs.slice();
    this.kind = from.kind.slice();
    this.request = from.request.slice();
    this.backend = from.backend.slice();
    this.value = from.value.slice();
    this.node = from.node.slice();
    this.#length = length;
  }

  at(row: number): TraceEvent {
    return {
      atUs: this.atUs[row]!,
      kind: this.kind[row]!,
      request: this.request[row]!,
      backend: this.backend[row]!,
      value: this.value[row]!,
      ...(this.#hasTier && { node: nodeAt(this.node[row]!) }),
    };
  }

  /** The first row at or after a time; `length` if there is none. O(log length). */
  firstAt(atUs: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.atUs[middle]! < atUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** 16 hexadecimal digits that name the whole run so far. */
  digest(): string {
    this.#digestAll();
    return this.#digest.hex();
  }

  #digestAll(): void {
    const digest = this.#digest;
    for (; this.#digested < this.#length; this.#digested++) {
      const row = this.#digested;
      digest.add(this.atUs[row]!);
      digest.add(this.kind[row]!);
      digest.add(this.request[row]!);
      digest.add(this.backend[row]!);
      digest.add(this.value[row]!);
      if (this.#hasTier) digest.add(nodeAt(this.node[row]!));
    }
  }

  #makeRoom(): void {
    if (this.#forgets) {
      this.#digestAll();
      this.#length = this.#digested = 0;
    } else this.#grow();
  }

  #grow(): void {
    this.atUs = grown(this.atUs);
    this.kind = grown(this.kind);
    this.request = grown(this.request);
    this.backend = grown(this.backend);
    this.value = grown(this.value);
    this.node = grown(this.node);
  }
}

const FIRST_CAPACITY = 256;

/** In the column of nodes: no balancer. */
const NOBODY = 0xffff;

/** A value of the column as an index, -1 for none. */
export function nodeAt(value: number): number {
  return value === NOBODY ? -1 : value;
}
