/** What the charts that uPlot draws have in common: their ink, their units, and marks that it does not draw by itself. */
import type uPlot from 'uplot';

// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's enum exists in its types only
export const LOGARITHMIC = 3 as uPlot.Scale.Distr;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A chart to paint on. Units are CSS pixels. */
export interface Painting {
  readonly ctx: CanvasRenderingContext2D;
  /** Of the plot, inside the axes. */
  readonly box: Box;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Paints in the draw hook of a chart. */
export function drawIn(chart: uPlot, paint: (painting: Painting) => void): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.scale(ratio, ratio);
  ctx.textBaseline = 'middle';
  paint({
    ctx,
    box: {
      left: bbox.left / ratio,
      top: bbox.top / ratio,
      width: bbox.width / ratio,
      height: bbox.height / ratio,
    },
    x: (value) => chart.valToPos(value, 'x', true) / ratio,
    y: (value) => chart.valToPos(value, 'y', true) / ratio,
  });
  ctx.restore();
}

/** Colours and fonts as the page has them now. */
export function inkOf(element: HTMLElement): {
  readonly css: (name: string) => string;
  readonly font: (size: number, weight?: number) => string;
} {
  const css = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  return { css, font: (size, weight = 400) => `${weight} ${size}px ${css('--b-font')}` };
}

/** Answers how to stop listening. */
export function onThemeChange(redraw: () => void): () => void {
  const theme = new MutationObserver(redraw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', redraw);
  return () => {
    theme.disconnect();
    system.removeEventListener('change', redraw);
  };
}

export function decadesBetween([fromUs, toUs]: readonly [number, number]): number[] {
  const splits = [];
  for (let us = fromUs; us <= toUs * 1.001; us *= 10) splits.push(us);
  return splits;
}

export function line(
  ctx: CanvasRenderingContext2D,
  colour: string,
  width: number,
  dash: number[],
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
  ctx.setLineDash([]);
}
