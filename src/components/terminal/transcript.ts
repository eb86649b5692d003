import type { Screen } from './shell.ts';
import type { Block } from './text.ts';

export type Entry =
  /** A command as it was given. */
  | { readonly kind: 'input'; readonly text: string; readonly key: number }
  | { readonly kind: 'output'; readonly block: Block; readonly key: number };

/** Whoever shows a transcript: told of each entry, and when everything is gone. */
export interface Reader {
  add(entry: Entry): void;
  clear(): void;
  busy(busy: boolean): void;
}

const MOST = 2000;

/** What was typed and printed so far. It outlives the views, so that changing the view loses nothing. */
export class Transcript implements Screen {
  private kept: Entry[] = [];
  private readonly readers = new Set<Reader>();
  private isBusy = false;
  private nextKey = 1;

  get entries(): readonly Entry[] {
    return this.kept;
  }

  /** Hears everything so far at once, then what follows. Answers how to stop. */
  read(reader: Reader): () => void {
    for (const entry of this.kept) reader.add(entry);
    reader.busy(this.isBusy);
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  echo(text: string): void {
    this.add({ kind: 'input', text, key: this.nextKey++ });
  }

  print(blocks: readonly Block[]): void {
    for (const block of blocks) this.add({ kind: 'output', block, key: this.nextKey++ });
  }

  clear(): void {
    this.kept = [];
    for (const reader of this.readers) reader.clear();
  }

  busy(busy: boolean): void {
    this.isBusy = busy;
    for (const reader of this.readers) reader.busy(busy);
  }

  private add(entry: Entry): void {
    this.kept.push(entry);
    if (this.kept.length > MOST) this.kept = this.kept.slice(-MOST / 2);
    for (const reader of this.readers) reader.add(entry);
  }
}
