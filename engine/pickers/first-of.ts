/** A set of whole numbers from 0 to size - 1 that knows its least: one bit each, and above each 32 bits one that says whether any of them is set. */
export class FirstOf {
  private readonly levels: Int32Array[] = [];

  constructor(size: number) {
    let words = size;
    do {
      words = Math.ceil(words / 32);
      this.levels.push(new Int32Array(words));
    } while (words > 1);
  }

  add(value: number): void {
    let at = value;
    for (const level of this.levels) {
      level[at >>> 5]! |= 1 << (at & 31);
      at >>>= 5;
    }
  }

  delete(value: number): void {
    let at = value;
    for (const level of this.levels) {
      level[at >>> 5]! &= ~(1 << (at & 31));
      if (level[at >>> 5] !== 0) return;
      at >>>= 5;
    }
  }

  /** The least of them; -1 if there is none. */
  first(): number {
    let at = 0;
    for (let i = this.levels.length - 1; i >= 0; i -= 1) {
      const word = this.levels[i]![at]!;
      if (word === 0) return -1;
      at = 32 * at + (31 - Math.clz32(word & -word));
    }
    return at;
  }
}
