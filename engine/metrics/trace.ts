import { Digest } from '../core/digest.ts';
import { grown } from '../core/columns.ts';

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
}

/**
 * Everything that happened in a run, in order, as columns: 25 bytes an event. The digest is kept while appending.
 * Reading a column directly is fastest; its entries from `length` on mean nothing, and growing replaces it.
 */
export class Trace {
  atUs = new Float64Array(FIRST_CAPACITY);
  kind = new Uint8Array(FIRST_CAPACITY);
  request = new Uint32Array(FIRST_CAPACITY);
  backend = new Int32Array(FIRST_CAPACITY);
  value = new Float64Array(FIRST_CAPACITY);
  #length = 0;
  readonly #digest = new Digest();

  get length(): number {
    return this.#length;
  }

  append(atUs: number, kind: number, request: number, backend: number, value: number): void {
    const row = this.#length;
    if (row === this.kind.length) this.#grow();
    this.atUs[row] = atUs;
    this.kind[row] = kind;
    this.request[row] = request;
    this.backend[row] = backend;
    this.value[row] = value;
    this.#length = row + 1;
    const digest = this.#digest;
    digest.add(atUs);
    digest.add(kind);
    digest.add(request);
    digest.add(backend);
    digest.add(value);
  }

  at(row: number): TraceEvent {
    return {
      atUs: this.atUs[row]!,
      kind: this.kind[row]!,
      request: this.request[row]!,
      backend: this.backend[row]!,
      value: this.value[row]!,
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
    return this.#digest.hex();
  }

  #grow(): void {
    this.atUs = grown(this.atUs);
    this.kind = grown(this.kind);
    this.request = grown(this.request);
    this.backend = grown(this.backend);
    this.value = grown(this.value);
  }
}

const FIRST_CAPACITY = 1024;
