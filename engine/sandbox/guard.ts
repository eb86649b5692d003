import type { Instrumented, Site } from '../grade/instrumented.ts';

/** The learner's code went beyond a limit. It is thrown through the learner's code, which may catch it: the guard throws again at once. */
export class LimitError extends Error {
  override name = 'LimitError';
  readonly limit: 'steps' | 'memory';
  /** In the learner's file; 0 where it is not known. */
  readonly line: number;
  readonly loop: boolean;

  /** How many were allowed. */
  readonly allowed: number;

  constructor(limit: 'steps' | 'memory', allowed: number, line: number, loop: boolean) {
    super(limit === 'steps' ? 'too many steps' : 'too much memory');
    this.limit = limit;
    this.allowed = allowed;
    this.line = line;
    this.loop = loop;
  }
}

export interface Limits {
  /** Turns of loops and calls of functions in one decision. */
  readonly stepsPerDecision: number;
  /** Elements and characters that built-in functions make in one run (guarded in lock-down). */
  readonly cells: number;
}

export const LIMITS: Limits = { stepsPerDecision: 200_000, cells: 32_000_000 };

/** A loop that turned so often in one decision is the one to blame, rather than those inside it. */
const MANY_TURNS = 1000;

/** The length of a list or a text; 0 for all else. */
export function lengthOf(value: unknown): number {
  const length = (value as { length?: unknown } | null | undefined)?.length;
  return typeof length === 'number' && length > 0 ? length : 0;
}

/**
 * Counts what learner code does. The counters live here, out of its reach; it holds only what GUARD names.
 */
export class Guard {
  /** Steps since the run began. */
  total = 0;
  /** The line of the last return. */
  line = 0;
  private steps = 0;
  private cells = 0;
  /** Learner code is being run: only then memory is counted. */
  private inside = false;
  private turns: Uint32Array;
  private sites: readonly Site[];
  private readonly limits: Limits;
  private readonly onMark: (line: number) => void;

  constructor(limits: Limits, onMark: (line: number) => void) {
    this.limits = limits;
    this.onMark = onMark;
    this.sites = [];
    this.turns = new Uint32Array(0);
  }

  /** The code that runs from now on. */
  load(code: Pick<Instrumented, 'sites'>): void {
    this.sites = code.sites;
    this.turns = new Uint32Array(code.sites.length);
    this.total = 0;
    this.cells = 0;
  }

  /** Learner code begins to run, with fresh budgets for this decision. */
  enter(): void {
    this.steps = 0;
    this.line = 0;
    this.turns.fill(0);
    this.inside = true;
  }

  leave(): void {
    this.inside = false;
    this.total += this.steps;
  }

  readonly step = (site: number): void => {
    this.turns[site]! += 1;
    this.steps += 1;
    if (this.steps <= this.limits.stepsPerDecision) return;
    const { line, kind } = this.culprit(site);
    throw new LimitError('steps', this.limits.stepsPerDecision, line, kind === 'loop');
  };

  readonly at = <T>(line: number, value: T): T => {
    this.line = line;
    return value;
  };

  readonly spread = <T>(list: T): T => {
    this.charge(lengthOf(list));
    return list;
  };

  readonly mark = (line: number): void => this.onMark(line);

  /** A built-in function is about to make `cells` elements or characters. */
  readonly charge = (cells: number): void => {
    if (!this.inside) return;
    this.cells += cells;
    if (this.cells > this.limits.cells) throw new LimitError('memory', this.limits.cells, 0, false);
  };

  /** The outermost loop around a site that has turned often; the site itself if there is none. */
  private culprit(site: number): Site {
    let blamed = this.sites[site]!;
    for (let at = site; at !== -1; at = this.sites[at]!.outer) {
      const candidate = this.sites[at]!;
      if (candidate.kind === 'loop' && this.turns[at]! >= MANY_TURNS) blamed = candidate;
    }
    return blamed;
  }
}
