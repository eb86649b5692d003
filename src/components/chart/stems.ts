/**
 * Draws single requests with uPlot: a stem and a dot each, by number, on a log axis of latency. They are never joined by a line, because nothing lies between two
 * requests. Loaded when a chart comes into view.
 */
import uPlot from 'uplot';
import { type Box, drawIn, inkOf, line, LOGARITHMIC, onThemeChange, type Painting } from './canvas.ts';
import { formatUs } from './format.ts';
import { oneTwoFives, rightOf, spread } from './points.ts';
import { leftOf, numberTicks, type Stems, STEMS_HEIGHT, type StemSeries, type StemsState } from './stems-state.ts';

const LABEL_GAP = 17;
/** Over the plot: the words of the mark, and under them the lane of what failed. */
const MARK_ROOM = 22;
const FAILED_ROOM = 28;
/** `onRule` tells which request of the window the pointer or the keyboard is at. */
export function createStems(
  element: HTMLElement,
  width: number,
  initial: StemsState,
  onRule: (index: number | undefined) => void,
): Stems {
  let state = initial;
  let wide = width;
  const { css, font } = inkOf(element);
  const length = (): number => state.series[0]!.values.length;
  const axisOf = (): number[] => oneTwoFives(state.range[0] * 0.8, state.range[1] * 1.05);
  const hasFailed = (): boolean => state.series.some(({ values }) => values.includes('failed'));

  const plot = new uPlot(
    {
      width,
      height: STEMS_HEIGHT,
      padding: [() => MARK_ROOM + (hasFailed() ? FAILED_ROOM : 0), () => rightOf(wide), 0, 4],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [state.first - 0.5, state.first + length() - 0.5] },
        y: { distr: LOGARITHMIC, range: () => [axisOf()[0]!, axisOf().at(-1)!] },
      },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: [
        {
          stroke: () => css('--b-ink2'),
          font: font(14),
          size: 28,
          gap: 6,
          grid: { show: false },
          ticks: { stroke: () => css('--b-edge'), size: 4, width: 1 },
          splits: () =>
            numberTicks(
              state.first,
              state.first + length() - 1,
              (48 * length()) / (wide - leftOf(wide) - rightOf(wide)),
            ),
          values: (_, splits) => splits.map(String),
        },
        {
          stroke: () => css('--b-ink2'),
          font: font(14),
          size: () => leftOf(wide),
          gap: 4,
          splits: () => gridOf(axisOf()),
          // Its own would leave out some of these.
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map(formatUs),
          grid: { stroke: () => css('--b-rule'), width: 1 },
          ticks: { show: false },
        },
      ],
      hooks: {
        draw: [(chart) => drawIn(chart, paint)],
        setCursor: [(chart) => onRule(chart.cursor.idx ?? undefined)],
      },
    },
    dataOf(state),
    element,
  );
  void document.fonts.ready.then(() => plot.redraw(false, true));
  const leaveTheme = onThemeChange(() => plot.redraw(false, true));

  function paint(painting: Painting): void {
    const { ctx, box, x, y } = painting;
    const pitch = box.width / length();
    const radius = Math.min(4, Math.max(2.25, pitch * 0.4));
    const shift = Math.min(4, pitch * 0.4);
    const failedY = box.top - 17;
    const place = (series: StemSeries, index: number): { x: number; y: number; failed: boolean } | undefined => {
      const value = series.values[index];
      if (value === undefined) return undefined;
      const aside = { filled: 0, square: -shift, ring: shift }[series.look];
      const failed = value === 'failed';
      return { x: x(state.first + index) + aside, y: failed ? failedY : y(value), failed };
    };
    if (hasFailed()) paintFailedLane(ctx, box, failedY);
    if (state.limitUs !== undefined)
      line(ctx, css('--b-broken'), 1.5, [2, 3], box.left, y(state.limitUs), box.left + box.width, y(state.limitUs));
    const base = y(state.range[0]);
    const [yours, ...others] = state.series;
    for (const series of [...others, yours!]) {
      series.values.forEach((_, index) => {
        const at = place(series, index);
        if (at === undefined) return;
        const own = place(yours!, index);
        // What ends where yours does is not drawn again beside it.
        if (series !== yours && own && Math.abs(own.y - at.y) < 2) return;
        paintStem(ctx, series.look, at, base, radius);
      });
    }
    if (state.mark) paintMark(ctx, box, x(state.first + state.mark.index), place(yours!, state.mark.index), state.mark);
    if (state.limitUs !== undefined) paintLimit(painting, state.limitUs, (index) => place(yours!, index));
    paintEnds(ctx, box, place, radius);
  }

  function paintFailedLane(ctx: CanvasRenderingContext2D, box: Box, y: number): void {
    ctx.font = font(14);
    ctx.fillStyle = css('--b-broken-t');
    ctx.textAlign = 'right';
    ctx.fillText('failed', box.left - 4, y);
  }

  function paintStem(
    ctx: CanvasRenderingContext2D,
    look: StemSeries['look'],
    { x, y, failed }: { x: number; y: number; failed: boolean },
    base: number,
    radius: number,
  ): void {
    if (failed) return paintCross(ctx, look, x, y, radius);
    const stem = {
      filled: { width: 1.75, dash: [] },
      square: { width: 1, dash: [] },
      ring: { width: 1.25, dash: [3, 3] },
    }[look];
    if (base - y > radius)
      line(ctx, css(look === 'filled' ? '--b-ink' : '--b-ink2'), stem.width, stem.dash, x, base, x, y);
    paintDot(ctx, look, x, y, radius);
  }

  function paintDot(
    ctx: CanvasRenderingContext2D,
    look: StemSeries['look'],
    x: number,
    y: number,
    radius: number,
    outline = css('--b-ink2'),
  ): void {
    ctx.beginPath();
    const side = radius - 0.75;
    if (look === 'square') ctx.rect(x - side, y - side, 2 * side, 2 * side);
    else ctx.arc(x, y, look === 'ring' ? radius - 0.5 : radius, 0, 2 * Math.PI);
    ctx.fillStyle = css(look === 'filled' ? '--b-ink' : '--b-ground');
    ctx.fill();
    if (look === 'filled') return;
    ctx.strokeStyle = outline;
    ctx.lineWidth = 1.25;
    ctx.stroke();
  }

  /** A cross; of the others inside the shape of their dots. */
  function paintCross(
    ctx: CanvasRenderingContext2D,
    look: StemSeries['look'],
    x: number,
    y: number,
    radius: number,
  ): void {
    const arm = look === 'filled' ? radius * 0.9 : 2;
    const [colour, width] = [css('--b-broken'), look === 'filled' ? 2.25 : 1.25];
    if (look !== 'filled') paintDot(ctx, look, x, y, 4.5, colour);
    line(ctx, colour, width, [], x - arm, y - arm, x + arm, y + arm);
    line(ctx, colour, width, [], x - arm, y + arm, x + arm, y - arm);
  }

  function paintMark(
    ctx: CanvasRenderingContext2D,
    box: Box,
    x: number,
    dot: { x: number; y: number } | undefined,
    { words, ring }: { words: string; ring: boolean },
  ): void {
    const top = box.top - (hasFailed() ? FAILED_ROOM : 0);
    line(ctx, css('--b-ink'), 1, [], x, top - 6, x, dot && ring ? dot.y - 7 : box.top + box.height);
    if (dot && ring) {
      ctx.strokeStyle = css('--b-broken');
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.arc(dot.x, dot.y, 7, 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.font = font(14, 600);
    ctx.fillStyle = css('--b-ink');
    ctx.textAlign = 'left';
    const span = ctx.measureText(words).width;
    ctx.fillText(words, Math.max(4, Math.min(x - span / 2, wide - span - 4)), top - 14);
  }

  /** Above its line, where the fewest dots stand under the words. */
  function paintLimit(
    { ctx, box, y }: Painting,
    limitUs: number,
    dotAt: (index: number) => { x: number; y: number } | undefined,
  ): void {
    const words = `limit ${formatUs(limitUs)}`;
    ctx.font = font(14, 600);
    const span = ctx.measureText(words).width;
    const middle = y(limitUs) - 10;
    const dots = Array.from({ length: length() }, (_, index) => dotAt(index)).filter((dot) => dot !== undefined);
    const hits = (left: number): number =>
      dots.filter((dot) => dot.x > left - 6 && dot.x < left + span + 6 && dot.y < middle + 14).length;
    let best = box.left + 4;
    for (let left = best; left + span < box.left + box.width; left += 8) if (hits(left) < hits(best)) best = left;
    ctx.textAlign = 'left';
    ctx.lineWidth = 4;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = css('--b-ground');
    ctx.strokeText(words, best, middle);
    ctx.fillStyle = css('--b-broken-t');
    ctx.fillText(words, best, middle);
  }

  /** What each series is, beside its last dot. */
  function paintEnds(
    ctx: CanvasRenderingContext2D,
    box: Box,
    place: (series: StemSeries, index: number) => { y: number } | undefined,
    radius: number,
  ): void {
    const [yours] = state.series;
    const ends = state.series
      .flatMap((series) => {
        const last = series.values.findLastIndex((value) => value !== undefined);
        const lines = [series.label, ...(series === yours ? state.equals : [])];
        return last === -1 ? [] : [{ series, lines, y: place(series, last)!.y }];
      })
      .sort((one, other) => one.y - other.y)
      .flatMap(({ series, lines, y }) => lines.map((words, row) => ({ series, words, row, y: y + row * LABEL_GAP })));
    const ys = spread(
      ends.map(({ y }) => y),
      LABEL_GAP,
      box.top + box.height - 2,
    );
    const left = box.left + box.width + 8;
    ctx.textAlign = 'left';
    ends.forEach(({ series, words, row }, index) => {
      const bold = series === yours && row === 0;
      if (row === 0) paintDot(ctx, series.look, left + 4, ys[index]!, Math.max(radius, 3.5));
      ctx.font = font(14, bold ? 640 : 400);
      ctx.fillStyle = css(bold ? '--b-ink' : '--b-ink2');
      ctx.fillText(words, left + (row === 0 ? 12 : 0), ys[index]!);
    });
  }

  return {
    draw(next) {
      state = next;
      plot.setData(dataOf(next));
    },
    resize(next) {
      wide = next;
      plot.setSize({ width: next, height: STEMS_HEIGHT });
    },
    ruleAt(index) {
      plot.setCursor(
        index === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(state.first + index, 'x'), top: 1 },
      );
    },
    destroy() {
      leaveTheme();
      plot.destroy();
    },
  };
}

/** Only the numbers: the dots are painted, and the rule follows the first series. */
function dataOf({ first, series }: StemsState): uPlot.AlignedData {
  const values = series[0]!.values;
  return [values.map((_, index) => first + index), values.map((value) => (typeof value === 'number' ? value : null))];
}

/** All steps while there is room for their words, else whole decades. */
function gridOf(steps: readonly number[]): number[] {
  return steps.length <= 8 ? [...steps] : steps.filter((step) => Math.abs(Math.log10(step) % 1) < 1e-9);
}
