import { grown } from '../core/columns.ts';

/** What a balancer on layer 4 remembers. Infinity: no bound. */
export interface ConnectionTableSettings {
  readonly limit: number;
  readonly idleTimeoutUs: number;
  /** For flows of UDP, which are never closed. Absent: 120 s. */
  readonly udpIdleTimeoutUs?: number;
}

/**
 * Layer 4: the backend of each connection, by the connection's number (from 1). One that was idle for too long is forgotten, and where the table is full the one that
 * was idle the longest makes room; who comes on a forgotten connection is picked for anew.
 *
 * A hash table with linear probing over rows that hang in a list from the one used last to the one used first, as typed columns.
 *
 * Cost: O(1) for each call. Memory: 24 bytes for a row and 8 to 16 for its place, at most 64 each with the room to grow.
 * Fails when: more connections live than fit. Then those are forgotten that are quiet, not those that are over.
 * Source: Katran's connection table (an LRU of 8 million), IPVS's (a timeout for each).
 * Real systems: an AWS Network Load Balancer forgets TCP after 350 s and resets who comes after that; Katran asks its ring again, which mostly answers as before.
 */
export class ConnectionTable {
  size = 0;
  private connection = new Float64Array(FIRST_ROWS);
  private backend = new Int32Array(FIRST_ROWS);
  private usedUs = new Float64Array(FIRST_ROWS);
  private newer = new Int32Array(FIRST_ROWS);
  private older = new Int32Array(FIRST_ROWS);
  /** The row at each place, plus 1; 0: none. */
  private places = new Int32Array(FIRST_ROWS * 2);
  private rows = 0;
  /** Rows that are free, linked by `older`. */
  private free = NONE;
  private newest = NONE;
  private oldest = NONE;
  private readonly settings: ConnectionTableSettings;

  constructor(settings: ConnectionTableSettings = { limit: Infinity, idleTimeoutUs: Infinity }) {
    this.settings = settings;
  }

  /** A packet of the connection: its backend; undefined: the table does not know it. */
  use(connection: number, nowUs: number): number | undefined {
    this.forgetIdle(nowUs);
    const row = this.places[this.placeOf(connection)]! - 1;
    if (row < 0) return undefined;
    this.usedUs[row] = nowUs;
    this.unlink(row);
    this.linkNewest(row);
    return this.backend[row]!;
  }

  /** As `use`, without being a packet. */
  find(connection: number): number | undefined {
    const row = this.places[this.placeOf(connection)]! - 1;
    return row < 0 ? undefined : this.backend[row]!;
  }

  /** A connection that the table does not know goes to this backend. */
  add(connection: number, backend: number, nowUs: number): void {
    if (this.size >= this.settings.limit) this.forget(this.connection[this.oldest]!);
    const row = this.takeRow();
    this.connection[row] = connection;
    this.backend[row] = backend;
    this.usedUs[row] = nowUs;
    this.linkNewest(row);
    this.size++;
    if (this.size * 2 > this.places.length) this.spread();
    else this.places[this.placeOf(connection)] = row + 1;
  }

  /** The connection is over. */
  forget(connection: number): void {
    let gap = this.placeOf(connection);
    const row = this.places[gap]! - 1;
    if (row < 0) return;
    this.unlink(row);
    this.older[row] = this.free;
    this.free = row;
    this.size--;
    // Whoever was pushed on past the gap moves back into it, so that no search ends too early.
    const last = this.places.length - 1;
    for (let place = (gap + 1) & last; this.places[place] !== 0; place = (place + 1) & last) {
      const home = homeOf(this.connection[this.places[place]! - 1]!, last);
      if (((place - home) & last) < ((place - gap) & last)) continue;
      this.places[gap] = this.places[place]!;
      gap = place;
    }
    this.places[gap] = 0;
  }

  private forgetIdle(nowUs: number): void {
    const { idleTimeoutUs } = this.settings;
    while (this.oldest !== NONE && this.usedUs[this.oldest]! + idleTimeoutUs <= nowUs)
      this.forget(this.connection[this.oldest]!);
  }

  /** Where the connection is, or would be. */
  private placeOf(connection: number): number {
    const last = this.places.length - 1;
    let place = homeOf(connection, last);
    for (let row = this.places[place]!; row !== 0; row = this.places[place]!) {
      if (this.connection[row - 1] === connection) return place;
      place = (place + 1) & last;
    }
    return place;
  }

  private spread(): void {
    this.places = new Int32Array(this.places.length * 2);
    for (let row = this.newest; row !== NONE; row = this.older[row]!)
      this.places[this.placeOf(this.connection[row]!)] = row + 1;
  }

  private takeRow(): number {
    const row = this.free;
    if (row !== NONE) {
      this.free = this.older[row]!;
      return row;
    }
    if (this.rows === this.connection.length) {
      this.connection = grown(this.connection);
      this.backend = grown(this.backend);
      this.usedUs = grown(this.usedUs);
      this.newer = grown(this.newer);
      this.older = grown(this.older);
    }
    return this.rows++;
  }

  private linkNewest(row: number): void {
    this.newer[row] = NONE;
    this.older[row] = this.newest;
    if (this.newest === NONE) this.oldest = row;
    else this.newer[this.newest] = row;
    this.newest = row;
  }

  private unlink(row: number): void {
    const newer = this.newer[row]!;
    const older = this.older[row]!;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
  }
}

/** Numbers in a row are spread by the golden ratio of 2^32. `last` is a power of two minus 1. */
function homeOf(connection: number, last: number): number {
  return (Math.imul(connection, 0x9e3779b1) >>> 7) & last;
}

const NONE = -1;
const FIRST_ROWS = 64;
