import type {
  Backend,
  Context,
  Health,
  HealthPolicy,
  HealthSignal,
  Picker,
  Policies,
  PoolPolicies,
  Request,
} from '../core/policy.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';

/**
 * Every decision of a run in the order of time, one small number each. Scenario + seed + tape replays the run without the code that decided.
 * A column that is absent was not recorded: that kind of policy is the scenario's own, and decides anew in the replay.
 */
export interface Tape {
  /** For each pick the place in the list of eligible backends, or DECLINED. */
  readonly picks?: Uint16Array;
  /** For each signal, and for each backend of each sweep, a HEALTH_CODE: what the policies of active checks answered. */
  readonly health?: Uint8Array;
  /** The same for outlier detection. */
  readonly outlier?: Uint8Array;
}

export type Column = keyof Tape;

export const DECLINED = 0xffff;
export const HEALTH_CODE = { unchanged: 0, healthy: 1, unhealthy: 2 } as const;

const COLUMNS: readonly Column[] = ['picks', 'health', 'outlier'];

/** A tape does not fit the run it is played to. The message says where. */
export class TapeError extends Error {
  override name = 'TapeError';
}

/** Wraps policies so that what they decide is written down. `tape()` answers what was decided so far. */
export function recordTape(
  policies: Policies,
  columns: readonly Column[] = COLUMNS,
): { readonly policies: Policies; readonly tape: () => Tape } {
  const picks: number[] = [];
  const health: number[] = [];
  const outlier: number[] = [];
  const has = (column: Column): boolean => columns.includes(column);

  return {
    policies: mapPools(policies, (pool) => ({
      ...pool,
      ...(has('picks') && pickersOf(pool, (picker) => recordedPicker(picker, picks))),
      ...(pool.health && { health: has('health') ? recordedHealth(pool.health, health) : pool.health }),
      ...(pool.outlier && { outlier: has('outlier') ? recordedHealth(pool.outlier, outlier) : pool.outlier }),
    })),
    tape: () => ({
      ...(has('picks') && { picks: Uint16Array.from(picks) }),
      ...(has('health') && { health: Uint8Array.from(health) }),
      ...(has('outlier') && { outlier: Uint8Array.from(outlier) }),
    }),
  };
}

/**
 * Policies that decide what the tape says; columns the tape lacks are decided by `own`, the scenario's policies. `left()` answers how many
 * decisions were not asked for yet. A tape that does not fit throws a TapeError through the run; with `short: 'decline'` one that ends early
 * declines picks and leaves health as it is from there on, which is how a run that learner code broke off is shown.
 */
export function policiesFromTape(
  tape: Tape,
  own: Policies,
  { short = 'refuse' }: { readonly short?: 'refuse' | 'decline' } = {},
): { readonly policies: Policies; readonly left: () => number } {
  const filler = (code: number): number | undefined => (short === 'decline' ? code : undefined);
  const picks = tape.picks && reader('pick', tape.picks, filler(DECLINED));
  const health = tape.health && reader('health decision', tape.health, filler(HEALTH_CODE.unchanged));
  const outlier = tape.outlier && reader('outlier decision', tape.outlier, filler(HEALTH_CODE.unchanged));

  return {
    policies: mapPools(own, (pool) => ({
      ...pool,
      ...(picks && pickersOf(pool, (picker) => tapedPicker(picks, picker))),
      ...(pool.health && { health: health ? tapedHealth(health, pool.health) : pool.health }),
      ...(pool.outlier && { outlier: outlier ? tapedHealth(outlier, pool.outlier) : pool.outlier }),
    })),
    left: () => (picks?.left() ?? 0) + (health?.left() ?? 0) + (outlier?.left() ?? 0),
  };
}

/** The whole run that the tape was recorded in. Throws a TapeError if it does not fit. */
export function simulate(scenario: Scenario, seed: number, tape: Tape, own: Policies): Simulation {
  const { policies, left } = policiesFromTape(tape, own);
  const simulation = new Simulation(scenario, policies, { seed });
  simulation.runToEnd();
  expectUsedUp(left());
  return simulation;
}

/** Throws a TapeError if the run ended before its tape. */
export function expectUsedUp(left: number): void {
  if (left > 0)
    throw new TapeError(`The run ended with ${left} decisions left on the tape: it belongs to another run.`);
}

/** The same policies with each pool's replaced by what `change` answers. */
export function mapPools(policies: Policies, change: (pool: PoolPolicies, id: string) => PoolPolicies): Policies {
  return { ...policies, pools: new Map([...policies.pools].map(([id, pool]) => [id, change(pool, id)])) };
}

/** The pool's picker, and those it has made, each replaced by what `change` answers. */
function pickersOf(
  { picker, makePicker }: PoolPolicies,
  change: (picker: Picker) => Picker,
): Pick<PoolPolicies, 'picker' | 'makePicker'> {
  return { picker: change(picker), ...(makePicker && { makePicker: () => change(makePicker()) }) };
}

function recordedPicker(picker: Picker, picks: number[]): Picker {
  return {
    ...hooksOf(picker),
    pick(backends, request, ctx) {
      const chosen = picker.pick(backends, request, ctx);
      // A backend that is not in the list stays on no tape: the engine refuses it and the run ends here.
      const place = chosen === undefined ? DECLINED : backends.indexOf(chosen);
      if (place !== -1) picks.push(place);
      return chosen;
    },
  };
}

function recordedHealth(policy: HealthPolicy, codes: number[]): HealthPolicy {
  return {
    ...(policy.sweepEveryUs !== undefined && { sweepEveryUs: policy.sweepEveryUs }),
    ...(policy.hearsResponses && { hearsResponses: true }),
    ...(policy.suspects && {
      suspects: (backend: Backend) => {
        const answer = policy.suspects?.(backend) ?? false;
        codes.push(answer ? HEALTH_CODE.unhealthy : HEALTH_CODE.unchanged);
        return answer;
      },
    }),
    ...(policy.onPoolChange && {
      onPoolChange: (backends: readonly Backend[], ctx: Context) => policy.onPoolChange?.(backends, ctx),
    }),
    ...(policy.onRequestStart && {
      onRequestStart: (backend: Backend, ctx: Context) => {
        const answer = policy.onRequestStart?.(backend, ctx);
        codes.push(codeOf(answer));
        return answer;
      },
    }),
    observe(backend, signal, ctx) {
      const answer = policy.observe(backend, signal, ctx);
      codes.push(codeOf(answer));
      return answer;
    },
    // Always there, also where the policy has none, so that a replay meets the same calls.
    sweep(backends, ctx) {
      const answers = policy.sweep?.(backends, ctx);
      for (const backend of backends) codes.push(codeOf(answers?.get(backend)));
      return answers;
    },
  };
}

/** The optional calls of a picker, with it as their `this`. */
export function hooksOf(picker: Picker): Omit<Picker, 'pick'> {
  return {
    ...(picker.onPoolChange && {
      onPoolChange: (backends: readonly Backend[], ctx: Context) => picker.onPoolChange?.(backends, ctx),
    }),
    ...(picker.onMembersChange && {
      onMembersChange: (members: readonly Backend[], ctx: Context) => picker.onMembersChange?.(members, ctx),
    }),
    ...(picker.onRequestStart && {
      onRequestStart: (backend: Backend, request: Request, ctx: Context) =>
        picker.onRequestStart?.(backend, request, ctx),
    }),
    ...(picker.onRequestEnd && {
      onRequestEnd: (...end: Parameters<NonNullable<Picker['onRequestEnd']>>) => picker.onRequestEnd?.(...end),
    }),
    ...(picker.probes && {
      probes: (...asked: Parameters<NonNullable<Picker['probes']>>) => picker.probes?.(...asked) ?? [],
    }),
    ...(picker.onProbe && {
      onProbe: (...told: Parameters<NonNullable<Picker['onProbe']>>) => picker.onProbe?.(...told),
    }),
    ...(picker.skipsFull && { skipsFull: true }),
    ...(picker.hearsEachChange && { hearsEachChange: true }),
  };
}

function codeOf(answer: Health | undefined): number {
  return answer === undefined ? HEALTH_CODE.unchanged : HEALTH_CODE[answer];
}

interface Reader {
  next(): number;
  /** For a message: "pick 12 of the tape". */
  here(): string;
  left(): number;
}

/** `filler`: what it answers when the tape is over; undefined: it refuses. */
function reader(what: string, column: Uint16Array | Uint8Array, filler: number | undefined): Reader {
  let place = 0;
  return {
    next() {
      const value = column[place] ?? filler;
      place += 1;
      if (value !== undefined) return value;
      throw new TapeError(`The tape ends after ${column.length} of its kind, and the run asks for ${what} ${place}.`);
    },
    here: () => `${what} ${place} of the tape`,
    left: () => Math.max(0, column.length - place),
  };
}

/** `own`: the scenario's picker, which says whether full backends stay in its list. */
function tapedPicker(picks: Reader, own: Picker): Picker {
  return {
    ...(own.skipsFull && { skipsFull: true }),
    pick(backends) {
      const place = picks.next();
      if (place === DECLINED) return undefined;
      const chosen = backends[place];
      if (chosen !== undefined) return chosen;
      throw new TapeError(
        `${picks.here()} is place ${place}, and only ${backends.length} backends were eligible: 0 to ${backends.length - 1}.`,
      );
    },
  };
}

/** `own`: the scenario's policy, which says what the engine asks beside signals and sweeps. */
function tapedHealth(codes: Reader, own: HealthPolicy): HealthPolicy {
  function next(): Health | undefined {
    const code = codes.next();
    if (code === HEALTH_CODE.unchanged) return undefined;
    if (code === HEALTH_CODE.healthy) return 'healthy';
    if (code === HEALTH_CODE.unhealthy) return 'unhealthy';
    throw new TapeError(`${codes.here()} is ${code}, which means nothing: 0, 1 or 2.`);
  }
  return {
    ...(own.sweepEveryUs !== undefined && { sweepEveryUs: own.sweepEveryUs }),
    ...(own.hearsResponses && { hearsResponses: true }),
    ...(own.suspects && { suspects: () => next() === 'unhealthy' }),
    ...(own.onRequestStart && { onRequestStart: () => next() }),
    observe: (_backend: Backend, _signal: HealthSignal) => next(),
    sweep(backends) {
      const answers = new Map<Backend, Health>();
      for (const backend of backends) {
        const answer = next();
        if (answer !== undefined) answers.set(backend, answer);
      }
      return answers;
    },
  };
}
