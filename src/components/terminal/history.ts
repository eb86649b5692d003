/** Where history outlives the page: `localStorage`, or a map in tests. Either call may throw where storage is refused. */
export type HistoryStore = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'ballast-terminal-history';
const MOST = 200;

/** The lines a person typed, oldest first; the newest 200 are kept across visits. */
export class History {
  private readonly store: HistoryStore | undefined;
  private lines: readonly string[];

  /** Without a store, or with one that fails, history lasts as long as the page. */
  constructor(store: HistoryStore | undefined) {
    this.store = store;
    this.lines = read(store);
  }

  get entries(): readonly string[] {
    return this.lines;
  }

  /** Blank lines and a repetition of the last line are not kept. */
  add(text: string): void {
    const line = text.trim();
    if (line === '' || line === this.lines.at(-1)) return;
    this.lines = [...this.lines, line].slice(-MOST);
    try {
      this.store?.setItem(KEY, JSON.stringify(this.lines));
    } catch {
      // Storage is full or forbidden: this visit still has its history.
    }
  }
}

function read(store: HistoryStore | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(store?.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string').slice(-MOST) : [];
  } catch {
    return [];
  }
}

/** Where somebody stands who goes through the history, and the line they had begun. */
export interface Recalled {
  /** 0 is the line being typed, 1 the newest entry. */
  readonly back: number;
  readonly draft: string;
}

/** One step further back (1) or forth (-1); at either end it stays. */
export function recallFrom(
  entries: readonly string[],
  { back, draft }: Recalled,
  text: string,
  step: 1 | -1,
): Recalled & { readonly text: string } {
  const next = back + step;
  if (next < 0 || next > entries.length) return { back, draft, text };
  const kept = back === 0 ? text : draft;
  return { back: next, draft: kept, text: next === 0 ? kept : entries[entries.length - next]! };
}
