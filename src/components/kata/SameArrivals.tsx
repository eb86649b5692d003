import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import { formatCount } from '../chart/format.ts';
import { mostStems, type Stems, type StemsState, STEMS_HEIGHT } from '../chart/stems-state.ts';
import {
  agreementWords,
  type Arrivals,
  type Candidate,
  endingWords,
  labels,
  openingWindow,
  percentileWords,
  requestWords,
  titleOf,
  twinsOf,
} from './arrivals.ts';
import { sameArrivals } from './comparison.ts';
import type { KataInfo } from './kata-info.ts';
import { scenarioText } from './summary.ts';
import { useWidth } from './use-width.ts';
import 'uplot/dist/uPlot.min.css';
import '../chart/chart.css';

type State = { kind: 'running' } | { kind: 'done'; arrivals: Arrivals } | { kind: 'failed'; reason: string };

/** The arrivals of one scenario through the learner's policy, round robin and the reference: request by request, what each made of them. */
export default function SameArrivals({
  kata,
  verdict,
  onShown,
}: {
  kata: KataInfo;
  verdict: ScenarioVerdict;
  /** It has its height, and what stands above it less. */
  onShown?: () => void;
}) {
  const [state, setState] = useState<State>({ kind: 'running' });
  useEffect(() => {
    let left = false;
    setState({ kind: 'running' });
    sameArrivals(kata, verdict).then(
      (arrivals) => left || setState({ kind: 'done', arrivals }),
      (error: unknown) =>
        left || setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      left = true;
    };
  }, [kata, verdict]);
  useEffect(() => onShown?.(), [state]);
  if (state.kind === 'done' && state.arrivals.sentUs.length === 0) return null;
  return (
    <section class="b-arrivals" aria-labelledby="arrivals-title">
      <h3 id="arrivals-title">
        {state.kind === 'done' ? titleOf(state.arrivals) : 'Same arrivals, other policies'}{' '}
        <span>{scenarioText(verdict)}</span>
      </h3>
      {state.kind === 'running' && <p>Running the other policies on the same arrivals</p>}
      {state.kind === 'failed' && <p>They could not be run on the same arrivals: {state.reason}</p>}
      {state.kind === 'done' && (
        <>
          <p>
            Latency of each request, log axis, by request number. {agreementWords(state.arrivals, kata.policy)}{' '}
            {percentileWords(state.arrivals)}
          </p>
          <Chart key={verdict.seed} kata={kata} arrivals={state.arrivals} />
        </>
      )}
    </section>
  );
}

function Chart({ kata, arrivals }: { kata: KataInfo; arrivals: Arrivals }) {
  const [box, width] = useWidth(0);
  const total = arrivals.sentUs.length;
  const most = Math.min(total, mostStems(width));
  const [from, setFrom] = useState<number>();
  const first = Math.min(from ?? openingWindow(arrivals, most), total - most);
  const [rule, setRule] = useState<number>();
  const [tableOpen, setTableOpen] = useState(false);
  const state = useMemo(() => stateOf(arrivals, kata, first, most), [arrivals, kata, first, most]);
  const { plot, problem } = useStems(box, width, state, setRule);
  const turn = (by: number) => setFrom(Math.min(Math.max(first + by, 0), total - most));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return plot.current?.ruleAt(undefined);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const opens = arrivals.costly ? arrivals.costly.index - first : 0;
    const to = rule === undefined ? Math.min(Math.max(opens, 0), most - 1) : rule + by;
    if (to < 0 || to >= most) turn(by * Math.max(1, Math.floor(most / 2)));
    else plot.current?.ruleAt(to);
  };

  return (
    <>
      <div
        ref={box}
        class="b-arrivals-plot"
        style={{ height: `${STEMS_HEIGHT}px` }}
        role="group"
        tabIndex={0}
        aria-label={`Latency of requests ${first + 1} to ${first + most} under each policy. Arrow keys move along them.`}
        onKeyDown={onKeyDown}
        hidden={problem !== undefined}
      />
      {problem !== undefined && (
        <p class="b-notice">The chart could not be drawn ({problem}). The table holds the same numbers.</p>
      )}
      <p class="b-arrivals-rule b-number" role="status">
        {rule === undefined ? windowWords(first, most, total) : `${requestWords(arrivals, first + rule)}.`}
      </p>
      <p class="b-arrivals-foot">
        {most < total && (
          <>
            <button type="button" class="b-chart-button" aria-disabled={first === 0} onClick={() => turn(-most)}>
              Earlier requests
            </button>
            <button
              type="button"
              class="b-chart-button"
              aria-disabled={first + most >= total}
              onClick={() => turn(most)}
            >
              Later requests
            </button>
          </>
        )}
        <button
          type="button"
          class="b-chart-button"
          aria-expanded={tableOpen || problem !== undefined}
          aria-controls="arrivals-table"
          onClick={() => setTableOpen(!tableOpen)}
        >
          {tableOpen ? 'Hide the table' : 'Show as a table'}
        </button>
      </p>
      <div id="arrivals-table" class="b-arrivals-table" tabIndex={tableOpen ? 0 : undefined}>
        {(tableOpen || problem !== undefined) && <Table arrivals={arrivals} first={first} most={most} />}
      </div>
    </>
  );
}

/** The drawing, made once its place is wide enough to be in the page and its code has come. */
function useStems(
  box: { readonly current: HTMLDivElement | null },
  width: number,
  state: StemsState,
  onRule: (index: number | undefined) => void,
) {
  const plot = useRef<Stems>();
  const [problem, setProblem] = useState<string>();
  const latest = useRef(state);
  latest.current = state;
  const visible = width > 0;
  useEffect(() => {
    if (!visible) return;
    let left = false;
    import('../chart/stems.ts')
      .then(({ createStems }) => {
        if (!left) plot.current = createStems(box.current!, width, latest.current, onRule);
      })
      .catch((error: unknown) => left || setProblem(error instanceof Error ? error.message : String(error)));
    return () => {
      left = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [visible]);
  useEffect(() => {
    // Out of sight it has none.
    if (width === 0) return;
    plot.current?.resize(width);
    plot.current?.draw(state);
    plot.current?.ruleAt(undefined);
  }, [state, width]);
  return { plot, problem };
}

function windowWords(first: number, most: number, total: number): string {
  const which =
    most === total
      ? `All ${formatCount(total)} requests`
      : `Requests ${formatCount(first + 1)} to ${formatCount(first + most)} of ${formatCount(total)}`;
  return `${which}. Others are drawn where their latency differs.`;
}

const looks = { yours: 'filled', 'round-robin': 'square', reference: 'ring' } as const;

function stateOf(arrivals: Arrivals, kata: KataInfo, first: number, most: number): StemsState {
  const { candidates, costly, limitUs } = arrivals;
  const twins = twinsOf(candidates);
  const latencies = candidates.flatMap(({ endings }) =>
    endings.slice(first, first + most).flatMap((ending) => (ending?.end === 'served' ? ending.latencyUs : [])),
  );
  const known = [...latencies, ...(limitUs === undefined ? [] : [limitUs])];
  const inside = costly && costly.index >= first && costly.index < first + most;
  return {
    first: first + 1,
    series: candidates
      .filter((candidate) => !twins.includes(candidate))
      .map(({ id, endings }) => ({
        label: labels[id],
        look: looks[id],
        values: endings.slice(first, first + most).map(valueOf),
      })),
    equals: twins.map(({ id }) => `= ${labels[id]}`),
    range: known.length === 0 ? [1_000, 100_000] : [Math.min(...known), Math.max(...known)],
    limitUs,
    mark: inside ? { index: costly.index - first, words: markWords(arrivals, kata), ring: costly.exact } : undefined,
  };
}

function valueOf(ending: Candidate['endings'][number]): number | 'failed' | undefined {
  if (ending?.end === 'failed') return 'failed';
  return ending?.end === 'served' ? ending.latencyUs : undefined;
}

function markWords({ costly }: Arrivals, { policy }: KataInfo): string {
  return `first costly ${policy === 'picker' ? 'pick' : 'decision'}${costly?.exact ? `, ${formatCount(costly.index + 1)}` : ''}`;
}

function Table({ arrivals: { candidates }, first, most }: { arrivals: Arrivals; first: number; most: number }) {
  return (
    <table class="b-table b-number">
      <caption class="b-visually-hidden">
        Requests {first + 1} to {first + most}: latency and backend under each policy
      </caption>
      <thead>
        <tr>
          <th scope="col">Request</th>
          {candidates.map(({ id }) => (
            <th key={id} scope="col">
              {labels[id]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: most }, (_, at) => first + at).map((index) => (
          <tr key={index}>
            <th scope="row">{formatCount(index + 1)}</th>
            {candidates.map(({ id, endings }) => (
              <td key={id}>{endingWords(endings[index])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
