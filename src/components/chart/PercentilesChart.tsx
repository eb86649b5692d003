import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Distribution } from './Distribution.tsx';
import { NBSP, formatCount, formatUs } from './format.ts';
import type { Marker, Plot } from './plot.ts';
import { type Columns, columnsOf, everySecond } from './points.ts';
import 'uplot/dist/uPlot.min.css';
import './chart.css';

interface Props {
  readonly id: string;
  readonly title: string;
  /** POINT columns since the start of the run. */
  readonly series: ReadonlySignal<readonly (number | null)[]>;
  readonly durationUs: number;
  readonly marker: ReadonlySignal<Marker | undefined>;
  readonly nowUs: ReadonlySignal<number>;
  /** Latencies of the last second, for the view of their whole distribution. */
  readonly latencies: () => Promise<readonly number[]>;
  /** Where the reader's prediction is kept. */
  readonly prediction?: { readonly lesson: string; readonly id: string } | undefined;
}

/** p50, p95 and p99 of the last second over time, on a log axis; one press away the whole distribution, and a table of the same. */
export function PercentilesChart(props: Props) {
  const { id, title, series, durationUs, marker, prediction } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>();
  const [ready, setReady] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [tableOpen, setTableOpen] = useState(false);
  const [whole, setWhole] = useState(false);
  const [rule, setRule] = useState<number>();
  const predictionUs = usePrediction(prediction);
  const columns = useMemo(() => columnsOf(series.value), [series.value]);

  useEffect(() => {
    const element = canvas.current!;
    const sizes = new ResizeObserver(() => plot.current?.resize(element.clientWidth));
    const stop = whenVisible(element, async () => {
      try {
        const { createPlot } = await import('./plot.ts');
        plot.current = createPlot(element, durationUs, element.clientWidth, setRule);
        sizes.observe(element);
        setReady(true);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error));
        setTableOpen(true);
      }
    });
    return () => {
      stop();
      sizes.disconnect();
      plot.current?.destroy();
    };
  }, []);

  useSignalEffect(() => {
    const state = { columns: columnsOf(series.value), marker: marker.value, predictionUs };
    if (ready) plot.current?.draw(state);
  });
  useEffect(() => {
    if (ready) plot.current?.draw({ columns: columnsOf(series.peek()), marker: marker.peek(), predictionUs });
  }, [ready, predictionUs]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = columns.atS.length - 1;
    const by = (event.shiftKey ? 10 : 1) * ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0);
    if (event.key === 'Escape') return plot.current?.ruleAt(undefined);
    if (by === 0 || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    plot.current?.ruleAt(Math.min(last, Math.max(0, (rule ?? last) + by)));
  };

  const n = columns.n.at(-1);
  return (
    <div class="b-chart">
      <div class="b-chart-head">
        <p>
          <b>{title}</b> 1 s window{n === undefined ? '' : `, n${NBSP}=${NBSP}${formatCount(n)}`}
        </p>
        <button type="button" class="b-chart-button" onClick={() => setWhole(!whole)}>
          {whole ? 'Over time' : 'Whole distribution'}
        </button>
        <button
          type="button"
          class="b-chart-button"
          aria-expanded={tableOpen}
          aria-controls={`${id}-table`}
          onClick={() => setTableOpen(!tableOpen)}
        >
          {tableOpen ? 'Hide the table' : 'Show as a table'}
        </button>
      </div>
      <div
        ref={canvas}
        class="b-chart-canvas"
        role="group"
        tabIndex={0}
        aria-label={`${title}: p50, p95 and p99 over time. Arrow keys move along it.`}
        onKeyDown={onKeyDown}
        hidden={problem !== undefined || whole}
      >
        {columns.atS.length === 0 && <p class="b-chart-empty">Nothing has finished yet</p>}
      </div>
      {whole && (
        <div class="b-chart-canvas">
          <Distribution nowUs={props.nowUs} latencies={props.latencies} />
        </div>
      )}
      {problem !== undefined && (
        <p class="b-notice">The chart could not be drawn ({problem}). The table holds the same numbers.</p>
      )}
      <p class="b-chart-rule" role="status">
        {rule === undefined ? '' : ruleWords(columns, rule)}
      </p>
      <ChartTable id={`${id}-table`} title={title} columns={columns} open={tableOpen} />
    </div>
  );
}

function ruleWords(columns: Columns, index: number): string {
  const at = columns.atS[index];
  if (at === undefined) return '';
  const words = (['p50', 'p95', 'p99'] as const).map(
    (name) => `${name} ${formatUs(columns[name][index] ?? Number.NaN)}`,
  );
  return `At ${at.toFixed(1)} s: ${words.join(', ')}, n ${formatCount(columns.n[index]!)}`;
}

/** Closed it keeps the rows it was sent with, which readers without scripts see; open it follows the run. */
function ChartTable({ id, title, columns, open }: { id: string; title: string; columns: Columns; open: boolean }) {
  const first = useRef(columns);
  const shown = open ? columns : first.current;
  return (
    <div class={open ? 'b-chart-table' : 'b-chart-table b-chart-table--closed'} id={id}>
      <table class="b-table">
        <caption class="b-visually-hidden">{title}, one row a second</caption>
        <thead>
          <tr>
            {['Time, s', 'p50', 'p95', 'p99', 'n'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {everySecond(shown).map((index) => (
            <tr key={index}>
              <td>{shown.atS[index]!.toFixed(1)}</td>
              <td>{formatUs(shown.p50[index] ?? Number.NaN)}</td>
              <td>{formatUs(shown.p95[index] ?? Number.NaN)}</td>
              <td>{formatUs(shown.p99[index] ?? Number.NaN)}</td>
              <td>{formatCount(shown.n[index]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The reader's committed prediction in microseconds; it follows when one is committed further up the page. */
function usePrediction(place: Props['prediction']): number | undefined {
  const [us, setUs] = useState<number>();
  useEffect(() => {
    if (place === undefined) return;
    let stop = (): void => undefined;
    void import('../../store/progress.ts').then(({ prediction, subscribe }) => {
      const read = async (): Promise<void> => {
        const kept = await prediction(place.lesson, place.id);
        setUs(typeof kept?.value === 'number' ? kept.value : undefined);
      };
      void read();
      stop = subscribe((change) => void ((change === 'predictions' || change === 'all') && read()));
    });
    return () => stop();
  }, []);
  return us;
}

function whenVisible(element: Element, then: () => Promise<void>): () => void {
  const watcher = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      watcher.disconnect();
      void then();
    },
    { rootMargin: '200px' },
  );
  watcher.observe(element);
  return () => watcher.disconnect();
}
