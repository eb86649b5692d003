import type { Action, Frame, Scenario } from '../../../engine/index.ts';
import { formatCount, formatRate, formatShare, formatUs, trim } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { type BackendState, backendStates } from './states.ts';

/**
 * The one thing a reader can change in a figure. A range or a choice; it acts on the running world, or re-opens the same seed at the
 * same moment in a changed world.
 */
export type Knob = RangeKnob | ChoiceKnob;

interface KnobWords {
  readonly label: string;
  /** Value at the start: the scenario as written. */
  readonly value: number;
  /** What the value leads to, a template (see `fill`). Default: the value alone. */
  readonly consequence?: string;
  /** Words on the chart before and after the change, templates. Default: the value before, "you set" the value after. */
  readonly marker?: readonly [before: string, after: string];
}

export interface RangeKnob extends KnobWords {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Written after the value: "s", "ms", "req/s". */
  readonly unit?: string;
  readonly apply: 'set-weight' | 'set-rate' | 'slow' | 'rebuild';
  /** For set-weight and slow. */
  readonly backends?: readonly string[];
  /** For set-rate; default: the first client. */
  readonly client?: string;
  /** For rebuild: JSON pointers of the scenario's fields that take the value, times `scale`. */
  readonly set?: readonly string[];
  readonly scale?: number;
}

export interface ChoiceKnob extends KnobWords {
  /** `value` is an index in here. */
  readonly choices: readonly {
    readonly label: string;
    /** JSON pointers of the scenario and what stands there; `null` takes the field out. Empty: the scenario as written. */
    readonly set?: Readonly<Record<string, unknown>>;
    readonly consequence?: string;
  }[];
  /** `button`: shows only the other choice, as a verb: "Swap in least connections". */
  readonly as?: 'segments' | 'button';
}

export function isChoice(knob: Knob): knob is ChoiceKnob {
  return 'choices' in knob;
}

/** The changed scenario, or undefined when the knob acts on the running world. Not parsed: see `parsedKnob`. */
export function rebuilt(knob: Knob, scenario: Scenario, value: number): Scenario | undefined {
  if (isChoice(knob)) return withFields(scenario, knob.choices[value]?.set ?? {});
  if (knob.apply !== 'rebuild') return undefined;
  const field = value * (knob.scale ?? 1);
  return withFields(scenario, Object.fromEntries((knob.set ?? []).map((pointer) => [pointer, field])));
}

/** What the knob does to the running world at `atUs`. */
export function actionsOf(knob: Knob, scenario: Scenario, value: number, atUs: number): Action[] {
  if (isChoice(knob)) return [];
  const backends = knob.backends ?? [];
  switch (knob.apply) {
    case 'set-weight':
      return backends.map((backend) => ({ do: 'set-weight', atUs, backend, weight: value }));
    case 'slow':
      return backends.map((backend) =>
        value === 1 ? { do: 'recover', atUs, backend } : { do: 'slow', atUs, backend, factor: value },
      );
    case 'set-rate':
      return [{ do: 'set-rate', atUs, client: knob.client ?? scenario.clients[0]!.id, rateRps: value }];
    case 'rebuild':
      return [];
  }
}

/** "2", "500 ms", "least connections". */
export function valueWords(knob: Knob, value: number): string {
  if (isChoice(knob)) return knob.choices[value]?.label ?? '';
  const number = trim(value, 3);
  return knob.unit === undefined ? number : `${number}\u00a0${knob.unit}`;
}

/** The number of a pointer-addressed copy: JSON pointers without escapes are all that scenarios need. */
export function withFields<T>(document: T, fields: Readonly<Record<string, unknown>>): T {
  const copy = structuredClone(document);
  for (const [pointer, value] of Object.entries(fields)) {
    const path = pointer.split('/').slice(1);
    const last = path.pop();
    let place: unknown = copy;
    for (const key of path) place = isRecord(place) ? place[key] : undefined;
    if (last === undefined || !isRecord(place)) throw new Error(`The scenario has no field ${pointer}.`);
    if (value === null) Reflect.deleteProperty(place, last);
    else place[last] = value;
  }
  return copy;
}

/** The value a pointer leads to; `null` when there is none. */
export function fieldOf(document: unknown, pointer: string): unknown {
  let place: unknown = document;
  for (const key of pointer.split('/').slice(1)) place = isRecord(place) ? place[key] : undefined;
  return place ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * Fills a template from the state of the world. In braces: `value`; `waiting`, `failed`, `served`, `inFlight`, `p50`, `p99` (of the whole
 * figure); and for one backend `share:s1` (by weight), `got:s1` (of the requests so far), `waiting:s1`, `failed:s1`, `inFlight:s1`,
 * `weight:s1`, `rate:s1` (its share by weight of the traffic), `capacity:s1`.
 */
export function fill(template: string, knob: Knob, value: number, cast: Cast, frame: Frame): string {
  const states = backendStates(frame);
  return template.replace(/\{(\w+)(?::([a-z0-9-]+))?\}/g, (whole, name: string, id: string | undefined) => {
    if (name === 'value') return valueWords(knob, value);
    if (id === undefined) return overall(name, frame, states) ?? whole;
    const index = cast.backends.findIndex((backend) => backend.id === id);
    const state = states[index];
    return state === undefined ? whole : (ofBackend(name, index, state, states, cast) ?? whole);
  });
}

/** The names `fill` knows: for checking templates when the site is built. */
export const TEMPLATE_NAMES = {
  overall: ['value', 'waiting', 'failed', 'served', 'inFlight', 'p50', 'p99'],
  backend: ['share', 'got', 'waiting', 'failed', 'inFlight', 'weight', 'rate', 'capacity'],
} as const;

function overall(name: string, frame: Frame, states: readonly BackendState[]): string | undefined {
  const sum = (of: (state: BackendState) => number): string =>
    formatCount(states.reduce((total, state) => total + of(state), 0));
  switch (name) {
    case 'waiting':
      return sum(({ queued }) => queued);
    case 'inFlight':
      return sum(({ inFlight }) => inFlight);
    case 'failed':
      return formatCount(frame.counts.failed);
    case 'served':
      return formatCount(frame.counts.served);
    case 'p50':
      return formatUs(frame.window[0]!);
    case 'p99':
      return formatUs(frame.window[2]!);
    default:
      return undefined;
  }
}

function ofBackend(
  name: string,
  index: number,
  state: BackendState,
  states: readonly BackendState[],
  cast: Cast,
): string | undefined {
  const peers = states.filter((_, peer) => cast.backends[peer]!.pool === cast.backends[index]!.pool);
  const share = state.weight / peers.reduce((sum, { weight }) => sum + weight, 0);
  switch (name) {
    case 'share':
      return formatShare(share);
    case 'got':
      return formatShare(state.picked / peers.reduce((sum, { picked }) => sum + picked, 0));
    case 'rate':
      return formatRate(share * cast.rateRps);
    case 'capacity':
      return formatRate(cast.backends[index]!.capacityRps / state.slowFactor);
    case 'weight':
      return trim(state.weight, 2);
    case 'waiting':
      return formatCount(state.queued);
    case 'failed':
      return formatCount(state.failed);
    case 'inFlight':
      return formatCount(state.inFlight);
    default:
      return undefined;
  }
}
