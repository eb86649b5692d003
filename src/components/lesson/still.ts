import type { Frame } from '../../../engine/index.ts';
import type { Recall } from './recall.ts';

/** A moment of a run as plain data: made when the site is built, drawn as the still picture, and where a live figure starts from. */
export interface Still {
  readonly seed: number;
  readonly frame: PlainFrame;
  readonly recall: Recall;
}

/** A Frame with plain arrays. Numbers are cut to what a picture shows; `null` stands for NaN. */
export interface PlainFrame extends Omit<
  Frame,
  'backends' | 'workers' | 'nodes' | 'fronts' | 'dots' | 'window' | 'series' | 'events'
> {
  readonly backends: readonly number[];
  readonly workers: readonly number[];
  readonly nodes: readonly number[];
  readonly fronts: readonly number[];
  readonly dots: readonly number[];
  readonly window: readonly (number | null)[];
}

export function plainFrame(frame: Frame): PlainFrame {
  const cut = (columns: Float32Array): number[] => Array.from(columns, (value) => Math.round(value * 1000) / 1000);
  const { nowUs, ended, counts, lastPick } = frame;
  return {
    nowUs,
    ended,
    counts,
    lastPick,
    backends: [...frame.backends],
    workers: cut(frame.workers),
    nodes: [...frame.nodes],
    fronts: [...frame.fronts],
    dots: cut(frame.dots),
    window: Array.from(frame.window, (value) => (Number.isNaN(value) ? null : value)),
  };
}

export function frameOf(plain: PlainFrame): Frame {
  return {
    ...plain,
    backends: Float64Array.from(plain.backends),
    workers: Float32Array.from(plain.workers),
    nodes: Float64Array.from(plain.nodes),
    fronts: Float64Array.from(plain.fronts),
    dots: Float32Array.from(plain.dots),
    window: Float64Array.from(plain.window, (value) => value ?? Number.NaN),
    series: new Float64Array(0),
    events: new Float64Array(0),
  };
}
