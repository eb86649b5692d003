import type { Instrumented, Site } from '../grade/instrumented.ts';
import { placeIn } from './stack.ts';

export interface Limits {
  /** Turns of loops and calls of functions in one decision: enough for a Maglev table of 65,537 places, or a ring of 20,000 points. */
  readonly stepsPerDecision: number;
  /** The same, all decisions of a test together. */
  readonly stepsPerTest: number;
  /** Elements and characters that built-in functions make in one test (guarded in lock-down). */
  readonly cells: number;
  /** Entries of one list, Map or Set. */
  readonly entries: number;
}

export const LIMITS: Limits = {
  stepsPerDecision: 2_000_000,
  stepsPerTest: 50_000_000,
  cells: 32_000_000,
  entries: 1_000_000,
};

/** A limit that the learner's code went beyond. */
export interface Hit {
  readonly limit: keyof Limits;
  readonly allowed: number;
  /** In the learner's file; 0 where it is not known. */
  readonly line: number;
  readonly column: number;
  /** The line is that of a loop. */
  readonly loop: boolean;
}

/** A loop that turned so often in one decision is the one to blame, rather than those inside it. */
const MANY_TURNS = 1000;

/** The length of a list or a text; 0 for all else. */
export function lengthOf(value: unknown): number {
  const length = (value as { length?: unknown } | null | undefined)?.length;
  return typeof length === 'number' && length > 0 ? length : 0;
}

function entriesOf(kept: unknown): number {
  const size = (kept as { size?: unknown } | null | undefined)?.size;
  return typeof size === 'number' ? size : lengthOf(kept);
}

/**
 * Counts what learner code does, and throws through it when a limit is reached. The counters and the limit that was hit live here, out of its reach:
 * it may catch what is thrown, or lose it in a `finally`, but the hit stays. All it holds are the functions that GUARD names, and it may call them
 * with anything.
 */
export class Guard {
  /** Steps since the test began. */
  total = 0;
  /** The line of the last return. */
  line = 0;
  /** Set once a limit was hit, until the next call begins. */
  hit: Hit | undefined;
  private steps = 0;
  private cells = 0;
  /** Learner code is being run: only then memory is counted. */
  private inside = false;
  private turns: Uint32Array;
  private sites: readonly Site[];
  private limits: Limits;
  /** Steps that this call may take: of its own budget, or of what is left for the test. */
  private allowed = 0;
  private readonly onMark: (line: number) => void;

  constructor(limits: Limits, onMark: (line: number) => void) {
    this.limits = limits;
    this.onMark = onMark;
    this.sites = [];
    this.turns = new Uint32Array(0);
  }

  /** The code of the test that begins, and what it may use. */
  load(code: Pick<Instrumented, 'sites'>, limits = this.limits): void {
    this.limits = limits;
    this.sites = code.sites;
    this.turns = new Uint32Array(code.sites.length);
    this.total = 0;
    this.cells = 0;
  }

  /** Learner code begins to run, with fresh budgets for this decision. */
  enter(): void {
    this.steps = 0;
    this.line = 0;
    this.hit = undefined;
    this.allowed = Math.min(this.limits.stepsPerDecision, this.limits.stepsPerTest - this.total);
    this.turns.fill(0);
    this.inside = true;
  }

  leave(): void {
    this.inside = false;
    this.total += this.steps;
  }

  readonly step = (site: number): void => {
    // Beyond the end nothing is counted: so a made-up number does no harm, and a name does not reach what the array inherits.
    this.turns[site >>> 0]! += 1;
    this.steps += 1;
    if (this.steps > this.allowed) this.stop(site >>> 0);
  };

  readonly at = <T>(line: number, value: T): T => {
    this.line = line >>> 0;
    return value;
  };

  readonly spread = <T>(list: T): T => {
    this.charge(lengthOf(list));
    return list;
  };

  readonly mark = (line: number): void => this.onMark(line >>> 0);

  /** A built-in function is about to make `cells` elements or characters. */
  readonly charge = (cells: number): void => {
    // No call gives anything back, and one that is not a number leaves the count as it is.
    if (!this.inside || !(cells > 0)) return;
    this.cells += cells;
    if (this.cells > this.limits.cells) this.full('cells');
  };

  /** The list, Map or Set is about to have an entry more: whatever fills the memory is kept somewhere, and no browser says how much it is. */
  readonly grows = <T>(kept: unknown, entry: T): T => {
    if (this.inside && entriesOf(kept) >= this.limits.entries) this.full('entries');
    return entry;
  };

  private full(limit: 'cells' | 'entries'): never {
    const error = new Error('too much memory');
    this.hit ??= { limit, allowed: this.limits[limit], ...placeIn(error), loop: false };
    Object.freeze(error);
    throw error;
  }

  private stop(site: number): never {
    const limit = this.steps > this.limits.stepsPerDecision ? 'stepsPerDecision' : 'stepsPerTest';
    const { line = 0, kind } = this.culprit(site) ?? {};
    this.hit ??= { limit, allowed: this.limits[limit], line, column: 0, loop: kind === 'loop' };
    const error = new Error('too many steps');
    Object.freeze(error);
    throw error;
  }

  /** The outermost loop around a site that has turned often; the site itself if there is none. */
  private culprit(site: number): Site | undefined {
    let blamed = this.sites[site];
    for (let at = site; this.sites[at] !== undefined; at = this.sites[at]!.outer) {
      const candidate = this.sites[at]!;
      if (candidate.kind === 'loop' && this.turns[at]! >= MANY_TURNS) blamed = candidate;
    }
    return blamed;
  }
}
