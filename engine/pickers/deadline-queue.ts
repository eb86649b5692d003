/**
 * Who is first: members of a pool, by index, in the order of a number (a deadline, or a load); among equals who was placed first, unless `then` says
 * otherwise. A binary heap that knows where each member stands, so a number may change at any time.
 *
 * Cost: O(log n) to place, move or remove; the first at once; 24 bytes a member and nothing allocated afterwards.
 */
export class DeadlineQueue {
  readonly #deadline: Float64Array;
  readonly #then: Float64Array;
  readonly #heap: Int32Array;
  /** Where each member stands in the heap; -1: nowhere. */
  readonly #place: Int32Array;
  #size = 0;
  #placed = 0;

  /** For the indices from 0 to `capacity` - 1; empty at first. */
  constructor(capacity: number) {
    this.#deadline = new Float64Array(capacity);
    this.#then = new Float64Array(capacity);
    this.#heap = new Int32Array(capacity);
    this.#place = new Int32Array(capacity).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The index that is first; -1: the queue is empty. */
  get first(): number {
    return this.#size === 0 ? -1 : this.#heap[0]!;
  }

  has(index: number): boolean {
    return this.#place[index]! >= 0;
  }

  /** The number it was placed with. */
  deadlineOf(index: number): number {
    return this.#deadline[index]!;
  }

  /** Places an index, or moves it. Without `then` it stands behind all that have the same number now. */
  place(index: number, deadline: number, then: number = (this.#placed += 1)): void {
    this.#deadline[index] = deadline;
    this.#then[index] = then;
    if (this.#place[index]! < 0) {
      this.#stand(index, this.#size);
      this.#size += 1;
    }
    this.#rise(index);
    this.#sink(index);
  }

  remove(index: number): void {
    const at = this.#place[index]!;
    if (at < 0) return;
    this.#place[index] = -1;
    this.#size -= 1;
    if (at === this.#size) return;
    const last = this.#heap[this.#size]!;
    this.#stand(last, at);
    this.#rise(last);
    this.#sink(last);
  }

  /** The same order in a queue for `capacity` indices, where each member has another index: `newIndex[index]`. */
  renumbered(newIndex: Int32Array, capacity: number): DeadlineQueue {
    const other = new DeadlineQueue(capacity);
    other.#size = this.#size;
    other.#placed = this.#placed;
    for (let at = 0; at < this.#size; at += 1) {
      const index = this.#heap[at]!;
      other.#deadline[newIndex[index]!] = this.#deadline[index]!;
      other.#then[newIndex[index]!] = this.#then[index]!;
      other.#stand(newIndex[index]!, at);
    }
    return other;
  }

  #stand(index: number, at: number): void {
    this.#heap[at] = index;
    this.#place[index] = at;
  }

  #rise(index: number): void {
    let at = this.#place[index]!;
    while (at > 0) {
      const above = this.#heap[(at - 1) >> 1]!;
      if (!this.#before(index, above)) break;
      this.#stand(above, at);
      at = (at - 1) >> 1;
    }
    this.#stand(index, at);
  }

  #sink(index: number): void {
    let at = this.#place[index]!;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && this.#before(this.#heap[below + 1]!, this.#heap[below]!)) below += 1;
      const other = this.#heap[below]!;
      if (!this.#before(other, index)) break;
      this.#stand(other, at);
      at = below;
    }
    this.#stand(index, at);
  }

  #before(one: number, other: number): boolean {
    if (this.#deadline[one]! !== this.#deadline[other]!) return this.#deadline[one]! < this.#deadline[other]!;
    if (this.#then[one]! !== this.#then[other]!) return this.#then[one]! < this.#then[other]!;
    return one < other;
  }
}
