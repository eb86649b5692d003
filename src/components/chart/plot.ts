/**
 * Draws percentiles with uPlot: what the library does not do by itself (labels at the ends of lines, the turn of a knob, the reader's
 * prediction) is painted in its draw hook. Loaded when a chart comes into view.
 */
import uPlot from 'uplot';
import { type Box, decadesBetween, drawIn, inkOf, line, LOGARITHMIC, onThemeChange } from './canvas.ts';
import { formatUs } from './format.ts';
import { type Columns, decades, rightOf, spread } from './points.ts';

/** The moment a knob was turned, with words for the time before and after. */
export interface Marker {
  readonly atUs: number;
  readonly before: string;
  readonly after: string;
}

export interface PlotState {
  readonly columns: Columns;
  readonly marker: Marker | undefined;
  readonly predictionUs: number | undefined;
}

export interface Plot {
  draw(state: PlotState): void;
  resize(width: number): void;
  /** Moves the rule to a sample; `undefined` takes it away. */
  ruleAt(index: number | undefined): void;
  destroy(): void;
}

const HEIGHT = 270;
const LABEL_GAP = 16;
/** p50, p95, p99 are told apart by weight and by the labels at their ends; hue is for states. */
const LINES = [
  { name: 'p50', width: 1.25, colour: '--b-ink2', dot: 2.5, bold: false },
  { name: 'p95', width: 1.5, colour: '--b-ink3', dot: 2.5, bold: false },
  { name: 'p99', width: 2.75, colour: '--b-ink', dot: 4, bold: true },
] as const;

/** `onRule` tells which sample the pointer or the keyboard is at. */
export function createPlot(
  element: HTMLElement,
  durationUs: number,
  width: number,
  onRule: (index: number | undefined) => void,
): Plot {
  let state: PlotState = {
    columns: { atS: [], p50: [], p95: [], p99: [], n: [] },
    marker: undefined,
    predictionUs: undefined,
  };
  let range = decades([]);
  const { css, font } = inkOf(element);

  const plot = new uPlot(
    {
      width,
      height: HEIGHT,
      padding: [10, rightOf(width), 0, 4],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: [0, durationUs / 1_000_000] },
        y: { distr: LOGARITHMIC, range: () => range },
      },
      series: [
        {},
        ...LINES.map(({ name, width: stroke, colour }) => ({
          label: name,
          width: stroke,
          stroke: () => css(colour),
          points: { show: false },
          spanGaps: false,
        })),
      ],
      axes: [
        {
          stroke: () => css('--b-ink2'),
          font: font(14),
          size: 30,
          gap: 6,
          grid: { show: false },
          ticks: { stroke: () => css('--b-edge'), size: 4, width: 1 },
          values: (_, splits) => splits.map((at) => (at === 0 ? '0' : `${at} s`)),
        },
        {
          stroke: () => css('--b-ink2'),
          font: font(14),
          size: 66,
          gap: 8,
          splits: () => decadesBetween(range),
          values: (_, splits) => splits.map(formatUs),
          grid: { stroke: () => css('--b-rule'), width: 1 },
          ticks: { show: false },
        },
      ],
      hooks: {
        draw: [paint],
        setCursor: [(chart) => onRule(chart.cursor.idx ?? undefined)],
      },
    },
    [[], [], [], []],
    element,
  );
  void document.fonts.ready.then(() => plot.redraw(false, true));

  function paint(chart: uPlot): void {
    drawIn(chart, ({ ctx, box, x, y }) => {
      paintTicks(ctx, box, y);
      if (state.predictionUs !== undefined)
        paintPrediction(ctx, box, y(state.predictionUs), formatUs(state.predictionUs));
      if (state.marker) paintMarker(ctx, box, x(state.marker.atUs / 1_000_000), state.marker);
      paintEnds(ctx, box, x, y);
    });
  }

  /** Short ticks at 2 to 9 of each decade. */
  function paintTicks(ctx: CanvasRenderingContext2D, box: Box, y: (us: number) => number): void {
    ctx.strokeStyle = css('--b-edge');
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (const decade of decadesBetween(range).slice(0, -1)) {
      for (let digit = 2; digit <= 9; digit++) {
        ctx.moveTo(box.left - 4, y(decade * digit));
        ctx.lineTo(box.left, y(decade * digit));
      }
    }
    ctx.stroke();
  }

  function paintPrediction(ctx: CanvasRenderingContext2D, box: Box, y: number, words: string): void {
    const right = box.left + box.width;
    line(ctx, css('--b-ink'), 1.5, [7, 4], box.left, y, right, y);
    ctx.fillStyle = css('--b-ink');
    ctx.beginPath();
    ctx.moveTo(right, y);
    ctx.lineTo(right + 10, y - 5.5);
    ctx.lineTo(right + 10, y + 5.5);
    ctx.fill();
    ctx.font = font(14, 600);
    ctx.textAlign = 'left';
    ctx.fillText(`you: ${words}`, right + 14, y);
  }

  function paintMarker(ctx: CanvasRenderingContext2D, box: Box, x: number, { before, after }: Marker): void {
    line(ctx, css('--b-ink'), 1.5, [2, 3], x, box.top, x, box.top + box.height);
    ctx.font = font(14);
    const y = box.top + 14;
    const fits = (words: string, room: number): boolean => ctx.measureText(words).width + 8 <= room;
    ctx.fillStyle = css('--b-ink2');
    ctx.textAlign = 'right';
    if (fits(before, x - box.left)) ctx.fillText(before, x - 6, y);
    ctx.fillStyle = css('--b-ink');
    ctx.textAlign = 'left';
    const room = box.left + box.width + rightOf(chartWidth()) - x;
    if (fits(after, room)) ctx.fillText(after, x + 6, y);
  }

  /** A dot at the end of each line, and beside it what the line is and its last value. */
  function paintEnds(
    ctx: CanvasRenderingContext2D,
    box: Box,
    x: (s: number) => number,
    y: (us: number) => number,
  ): void {
    const { columns } = state;
    const last = columns.atS.length - 1;
    const ends = [...LINES].reverse().flatMap((style) => {
      const us = columns[style.name][last];
      return us === null || us === undefined ? [] : [{ style, us, y: y(us) }];
    });
    const ys = spread(
      ends.map((end) => end.y),
      LABEL_GAP,
      box.top + box.height - 6,
    );
    const at = x(columns.atS[last] ?? 0);
    ctx.textAlign = 'left';
    ends.forEach(({ style, us, y: endY }, index) => {
      ctx.fillStyle = css(style.colour);
      ctx.beginPath();
      ctx.arc(at, endY, style.dot, 0, 2 * Math.PI);
      ctx.fill();
      ctx.fillStyle = css(style.bold ? '--b-ink' : '--b-ink2');
      ctx.font = font(14, style.bold ? 640 : 400);
      ctx.fillText(`${style.name} ${formatUs(us)}`, at + 9, ys[index]!);
    });
  }

  const chartWidth = (): number => plot.width;

  const leaveTheme = onThemeChange(() => plot.redraw(false, true));

  return {
    draw(next) {
      state = next;
      const { atS, p50, p95, p99 } = next.columns;
      range = decades([...p50, ...p99, next.predictionUs]);
      plot.setData([atS, p50, p95, p99]);
    },
    resize(next) {
      plot.setSize({ width: next, height: HEIGHT });
    },
    ruleAt(index) {
      const atS = index === undefined ? undefined : state.columns.atS[index];
      plot.setCursor(atS === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(atS, 'x'), top: 1 });
    },
    destroy() {
      leaveTheme();
      plot.destroy();
    },
  };
}
