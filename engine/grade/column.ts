/** One column of a tape: written while a policy decides, read while it is replayed. */

/** A tape does not fit the run it is played to. The message says where. */
export class TapeError extends Error {
  override name = 'TapeError';
}

/** Answers that are texts, each once. A column holds the place of one, from 1; 0 is no answer. */
export class TextTable {
  readonly texts: string[] = [];
  private readonly places = new Map<string, number>();

  placeOf(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    const place = this.texts.push(text);
    this.places.set(text, place);
    return place;
  }
}

/** What the calls of one kind of policy answered, in the order of time. */
export class ColumnWriter {
  readonly codes: number[] = [];
  private readonly table: TextTable;

  constructor(table: TextTable) {
    this.table = table;
  }

  put(code: number): void {
    this.codes.push(code);
  }

  /** An answer that is plain data of any shape; `undefined` is no answer. */
  putData(answer: unknown): void {
    this.put(answer === undefined ? 0 : this.table.placeOf(JSON.stringify(answer)));
  }
}

/** Reads a column that nobody vouches for: whatever does not fit ends the replay with a TapeError. */
export class ColumnReader {
  private place = 0;
  private readonly codes: ArrayLike<number>;
  private readonly texts: readonly string[];
  private readonly data: unknown[] = [];
  /** For messages: `pick`, `health decision`. */
  private readonly noun: string;

  constructor(noun: string, codes: ArrayLike<number>, texts: readonly string[]) {
    this.noun = noun;
    this.codes = codes;
    this.texts = texts;
  }

  /** Codes that were not asked for yet. */
  get left(): number {
    return Math.max(0, this.codes.length - this.place);
  }

  next(): number {
    const code = this.codes[this.place];
    this.place += 1;
    if (code !== undefined) return code;
    throw new TapeError(
      `The tape ends after ${this.codes.length} of its kind, and the run asks for ${this.noun} ${this.place}.`,
    );
  }

  /** A code from 0 to `most`. */
  nextUpTo(most: number, means: string): number {
    const code = this.next();
    if (Number.isInteger(code) && code >= 0 && code <= most) return code;
    return this.refuse(`is ${code}, which means nothing: ${means}`);
  }

  nextData(): unknown {
    const place = this.next();
    if (place === 0) return undefined;
    const text = this.texts[place - 1];
    if (text === undefined) {
      return this.refuse(`is text ${place}, and the tape has ${this.texts.length}`);
    }
    return (this.data[place] ??= this.parsed(text));
  }

  /** Says what is wrong with the code read last. */
  refuse(what: string): never {
    throw new TapeError(`${this.noun} ${this.place} of the tape ${what}.`);
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return this.refuse('is a text that cannot be read');
    }
  }
}
