import { grown } from '../core/columns.ts';

/**
 * What is still to happen, ordered by (time, sequence number): two events of the same microsecond happen in the order in which they were
 * planned. A 4-ary heap on typed arrays: shallow, and the four children of a node lie side by side. Push and pop are O(log n) and allocate
 * nothing but the doubling of the arrays.
 *
 * An event is when, what (`kind` and `subject`), and a `stamp` by which its reader tells whether it still means anything: nothing is ever
 * taken out of the middle.
 */
export class EventQueue {
  private size = 0;
  private planned = 0;
  private times = new Float64Array(64);
  private sequences = new Float64Array(64);
  private subjects = new Int32Array(64);
  /** 64 times the stamp, plus the kind: every column costs a move for each level of the heap. */
  private meanings = new Int32Array(64);

  get length(): number {
    return this.size;
  }

  /** Time of the next event; Infinity when there is none. */
  get nextUs(): number {
    return this.times[0]!;
  }

  get nextKind(): number {
    return this.meanings[0]! & 63;
  }

  get nextSubject(): number {
    return this.subjects[0]!;
  }

  get nextStamp(): number {
    return this.meanings[0]! >>> 6;
  }

  constructor() {
    this.times[0] = Infinity;
  }

  /** `kind` is below 64, `stamp` a whole number from 0 to 2^26 - 1. */
  push(atUs: number, kind: number, subject: number, stamp: number): void {
    if (this.size === this.times.length) this.grow();
    const times = this.times;
    let hole = this.size++;
    // The newest number is the highest, so on equal times the parent stays above.
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent]! <= atUs) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.put(hole, atUs, this.planned++, subject, (stamp << 6) | kind);
  }

  /** Removes the next event. */
  pop(): void {
    const last = --this.size;
    if (last === 0) this.times[0] = Infinity;
    else this.sink(this.times[last]!, this.sequences[last]!, this.subjects[last]!, this.meanings[last]!);
  }

  /** Puts the given event where it belongs, starting from a hole at the root. */
  private sink(atUs: number, sequence: number, subject: number, meaning: number): void {
    const times = this.times;
    const sequences = this.sequences;
    const size = this.size;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      let leastUs = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const childUs = times[child]!;
        if (childUs < leastUs || (childUs === leastUs && sequences[child]! < sequences[least]!)) {
          least = child;
          leastUs = childUs;
        }
      }
      if (atUs < leastUs || (atUs === leastUs && sequence < sequences[least]!)) break;
      this.move(least, hole);
      hole = least;
    }
    this.put(hole, atUs, sequence, subject, meaning);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.sequences[to] = this.sequences[from]!;
    this.subjects[to] = this.subjects[from]!;
    this.meanings[to] = this.meanings[from]!;
  }

  private put(at: number, atUs: number, sequence: number, subject: number, meaning: number): void {
    this.times[at] = atUs;
    this.sequences[at] = sequence;
    this.subjects[at] = subject;
    this.meanings[at] = meaning;
  }

  private grow(): void {
    this.times = grown(this.times);
    this.sequences = grown(this.sequences);
    this.subjects = grown(this.subjects);
    this.meanings = grown(this.meanings);
  }
}
