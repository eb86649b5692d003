import type { Policies } from '../core/policies.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';
import { ColumnReader, ColumnWriter, TapeError, TextTable } from './column.ts';
import type { AnyCall } from './decisions.ts';
import { mapPolicies } from './map-policies.ts';
import type { Change } from './map-policies.ts';
import { KINDS, membersOf, policyKinds, withCalls } from './policy-kinds.ts';
import type { AnyPolicy, PolicyKind, PolicyOf } from './policy-kinds.ts';

export { TapeError };

/**
 * Every decision of a run in the order of time, as numbers: one column for each kind of policy (decisions.ts says what they mean). Scenario + seed +
 * tape replays the run without the code that decided. A column that is absent was not recorded: that kind of policy is the scenario's own, and
 * decides anew in the replay.
 */
export interface Tape extends Columns {
  /** Answers that are texts, which columns name by their place from 1. */
  readonly texts?: readonly string[];
  /**
   * What the policies of a column say of themselves, in the order they were made: for each of their calls that decide 1 or 0, as they have it or not, and
   * their flags. Absent: as the scenario's own policies do.
   */
  readonly traits?: Traits;
  /** The seed of the run. */
  readonly seed?: number;
}

/** How wide the numbers of a column are: microseconds need all of a double. */
interface Columns {
  readonly picks?: Uint16Array;
  readonly health?: Uint8Array;
  readonly outlier?: Uint8Array;
  readonly agent?: Uint32Array;
  readonly retry?: Float64Array;
  readonly hedge?: Float64Array;
  readonly admission?: Float64Array;
  readonly breaker?: Uint8Array;
  readonly router?: Uint32Array;
  readonly affinity?: Uint32Array;
  readonly elector?: Float64Array;
  readonly flows?: Uint16Array;
  readonly resolver?: Uint32Array;
}

export type Column = keyof Columns;
export type Traits = { readonly [C in Column]?: readonly number[] };

/** The column that policies of a kind fill. */
export const COLUMN: { readonly [K in PolicyKind]: Column } = {
  picker: 'picks',
  health: 'health',
  outlier: 'outlier',
  agent: 'agent',
  retry: 'retry',
  hedge: 'hedge',
  admission: 'admission',
  breaker: 'breaker',
  router: 'router',
  affinity: 'affinity',
  elector: 'elector',
  flows: 'flows',
  resolver: 'resolver',
};

const ALL_COLUMNS = Object.values(COLUMN);

/** Makes the array of a column. */
const ARRAY: { readonly [C in Column]: (codes: ArrayLike<number>) => NonNullable<Columns[C]> } = {
  picks: (codes) => Uint16Array.from(codes),
  health: (codes) => Uint8Array.from(codes),
  outlier: (codes) => Uint8Array.from(codes),
  agent: (codes) => Uint32Array.from(codes),
  retry: (codes) => Float64Array.from(codes),
  hedge: (codes) => Float64Array.from(codes),
  admission: (codes) => Float64Array.from(codes),
  breaker: (codes) => Uint8Array.from(codes),
  router: (codes) => Uint32Array.from(codes),
  affinity: (codes) => Uint32Array.from(codes),
  elector: (codes) => Float64Array.from(codes),
  flows: (codes) => Uint16Array.from(codes),
  resolver: (codes) => Uint32Array.from(codes),
};

/** Is this the array that the column is kept in? */
export function isColumn(column: Column, value: unknown): value is ReturnType<(typeof ARRAY)[Column]> {
  return Object.prototype.toString.call(value) === Object.prototype.toString.call(ARRAY[column]([]));
}

/** The array of a column, from numbers that JSON can hold. */
export function columnFrom(column: Column, codes: ArrayLike<number>): NonNullable<Columns[Column]> {
  return ARRAY[column](codes);
}

/** The arrays of a tape, to be transferred. */
export function arraysOf(tape: Tape): NonNullable<Columns[Column]>[] {
  return ALL_COLUMNS.flatMap((column) => tape[column] ?? []);
}

/** Wraps policies so that what they decide is written down. `tape()` answers what was decided so far. */
export function recordTape(
  policies: Policies,
  columns: readonly Column[] = ALL_COLUMNS,
): { readonly policies: Policies; readonly tape: () => Tape } {
  const table = new TextTable();
  const writers = new Map(columns.map((column) => [column, new ColumnWriter(table)]));
  const traits = new Map(columns.map((column) => [column, [] as number[]]));

  const record: Change = (kind, policy) => {
    const column = COLUMN[kind];
    const writer = writers.get(column);
    if (writer === undefined) return policy;
    traits.get(column)!.push(...traitsOf(kind, policy));
    return recorded(kind, policy, writer);
  };

  return {
    policies: mapPolicies(policies, record),
    tape: () => ({
      ...(Object.fromEntries(columns.map((column) => [column, ARRAY[column](writers.get(column)!.codes)])) as Columns),
      ...(table.texts.length > 0 && { texts: [...table.texts] }),
      traits: Object.fromEntries(traits),
    }),
  };
}

function recorded<K extends PolicyKind>(kind: K, policy: PolicyOf[K], column: ColumnWriter): PolicyOf[K] {
  return withCalls(kind, policy, (_name, call, member) => {
    if (typeof member === 'string') return call;
    return (...args) => {
      const answer = call(...args);
      member.write(column, answer, args);
      return answer;
    };
  });
}

/**
 * Policies that decide what the tape says; columns the tape lacks are decided by `own`, the scenario's policies. `left()` answers how many
 * decisions were not asked for yet. A tape that does not fit throws a TapeError through the run; with `short: 'decline'` one that ends early
 * decides nothing from there on, which is how a run that learner code broke off is shown.
 */
export function policiesFromTape(
  tape: Tape,
  own: Policies,
  { short = 'refuse' }: { readonly short?: 'refuse' | 'decline' } = {},
): { readonly policies: Policies; readonly left: () => number } {
  const readers = new Map<Column, ColumnReader>();
  const traitReaders = new Map<Column, ColumnReader>();
  for (const kind of policyKinds) {
    const column = COLUMN[kind];
    const codes = tape[column];
    if (codes === undefined) continue;
    readers.set(column, new ColumnReader(KINDS[kind].noun, codes, tape.texts ?? []));
    const traits = tape.traits?.[column];
    if (traits !== undefined) traitReaders.set(column, new ColumnReader(`trait of the ${kind}`, traits, []));
  }

  const replay: Change = (kind, policy) => {
    const reader = readers.get(COLUMN[kind]);
    if (reader === undefined) return policy;
    const traits = traitReaders.get(COLUMN[kind]) ?? new ColumnReader('trait', traitsOf(kind, policy), []);
    return taped(kind, reader, traits, short === 'decline');
  };
  return {
    policies: mapPolicies(own, replay),
    left: () => [...readers.values()].reduce((sum, { left }) => sum + left, 0),
  };
}

/** What a policy says of itself, as numbers, in the order of its members. Hooks are no trait: a replay has nobody to tell. */
function traitsOf<K extends PolicyKind>(kind: K, policy: PolicyOf[K]): number[] {
  const found = policy as unknown as AnyPolicy;
  return membersOf(kind).flatMap(([name, member]) =>
    member === 'hook' || member === 'must-hear' ? [] : [traitOf(found[name])],
  );
}

function traitOf(value: AnyPolicy[string]): number {
  if (value === undefined || value === false) return 0;
  return typeof value === 'number' ? value : 1;
}

/** A policy that reads its decisions. */
function taped<K extends PolicyKind>(kind: K, column: ColumnReader, traits: ColumnReader, declines: boolean) {
  const made: Record<string, AnyCall | boolean | number> = {};
  for (const [name, member] of membersOf(kind)) {
    if (member === 'hook') continue;
    if (member === 'must-hear') {
      made[name] = () => undefined;
      continue;
    }
    const trait = traits.next();
    if (trait === 0) continue;
    if (member === 'number') made[name] = trait;
    else if (member === 'flag') made[name] = true;
    else made[name] = (...args) => (declines && column.left === 0 ? member.none : member.read(column, args));
  }
  return made as unknown as PolicyOf[K];
}

/** The whole run that the tape was recorded in. Throws a TapeError if it does not fit. */
export function simulate(scenario: Scenario, seed: number, tape: Tape, own: Policies): Simulation {
  expectSeed(tape, seed);
  const { policies, left } = policiesFromTape(tape, own);
  const simulation = new Simulation(scenario, policies, { seed });
  simulation.runToEnd();
  expectUsedUp(left());
  return simulation;
}

/** Throws a TapeError if the tape says that it belongs to another seed. */
export function expectSeed({ seed: recordedWith }: Tape, seed: number): void {
  if (recordedWith === undefined || recordedWith === seed) return;
  throw new TapeError(`The tape was recorded with seed ${recordedWith}, and the run has seed ${seed}.`);
}

/** Throws a TapeError if the run ended before its tape. */
export function expectUsedUp(left: number): void {
  if (left > 0)
    throw new TapeError(`The run ended with ${left} decisions left on the tape: it belongs to another run.`);
}
