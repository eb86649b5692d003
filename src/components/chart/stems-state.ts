/** What a chart of single requests shows, and how much of it fits. The drawing of it is loaded later. */
import { rightOf } from './points.ts';

/** The first is told apart by its weight; of the others one is to the left of it and one to the right. */
export interface StemSeries {
  readonly label: string;
  readonly look: 'filled' | 'square' | 'ring';
  /** By request of the window: latency in microseconds, or a word for one that has none; undefined: nothing to draw. */
  readonly values: readonly (number | 'failed' | undefined)[];
}

export interface StemsState {
  /** Number of the first request drawn. */
  readonly first: number;
  readonly series: readonly StemSeries[];
  /** Under the label of the first series: "= round robin". */
  readonly equals: readonly string[];
  /** All latencies drawn lie between these. */
  readonly range: readonly [lowUs: number, highUs: number];
  readonly limitUs: number | undefined;
  /** A request that is marked; `ring`: its own dot is, too. */
  readonly mark: { readonly index: number; readonly words: string; readonly ring: boolean } | undefined;
}

export interface Stems {
  draw(state: StemsState): void;
  resize(width: number): void;
  /** Moves the rule to a request; `undefined` takes it away. */
  ruleAt(index: number | undefined): void;
  destroy(): void;
}

export const STEMS_HEIGHT = 230;
const LEAST_PITCH = 7;

/** So many requests can be told apart at this width. */
export function mostStems(width: number): number {
  return Math.max(10, Math.floor((width - leftOf(width) - rightOf(width)) / LEAST_PITCH));
}

/** Room for the words of the axis. */
export const leftOf = (width: number): number => (width < 420 ? 56 : 62);

/** Round numbers between the first and the last, and these two: each at least `apart` from the next. */
export function numberTicks(first: number, last: number, apart: number): number[] {
  const step = stepFrom(apart);
  const ticks = [first];
  for (let at = Math.ceil((first + apart) / step) * step; at <= last - apart; at += step) ticks.push(at);
  return last > first ? [...ticks, last] : ticks;
}

/** The smallest of 1, 2, 5, 10, 20, ... that is not below `least`. */
function stepFrom(least: number): number {
  let decade = 1;
  while (decade * 10 < least) decade *= 10;
  return decade * [1, 2, 5, 10].find((size) => size * decade >= least)!;
}
