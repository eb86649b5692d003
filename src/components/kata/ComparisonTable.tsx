import { useEffect, useRef, useState } from 'preact/hooks';
import type { KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import { cellsOf, columns, placeWords, type Row } from './compared.ts';
import { compareIn, runSolution } from './comparison.ts';
import type { KataInfo } from './kata-info.ts';
import SameArrivals from './SameArrivals.tsx';
import { scenarioText } from './summary.ts';

type State = { kind: 'running' } | { kind: 'done'; rows: readonly Row[] } | { kind: 'failed'; reason: string };

/** After a pass: where the learner's code falls among the solution and the policies that Ballast ships, scenario by scenario. */
export default function ComparisonTable({ kata, verdict }: { kata: KataInfo; verdict: KataVerdict }) {
  const watchable = verdict.scenarios.filter(({ tape }) => tape !== undefined);
  const [chosen, setChosen] = useState<ScenarioVerdict | undefined>(watchable[0]);
  const [state, setState] = useState<State>({ kind: 'running' });
  const solution = useRef<Promise<KataVerdict>>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (!chosen) return;
    let left = false;
    setState({ kind: 'running' });
    solution.current ??= runSolution(kata, verdict);
    solution.current
      .then((theirs) => compareIn(kata, chosen, theirs))
      .then(
        (rows) => left || setState({ kind: 'done', rows }),
        (error: unknown) =>
          left || setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      );
    return () => {
      left = true;
    };
  }, [chosen]);

  return (
    <section class="b-compared b-plate b-figure-plate" aria-labelledby="compared-title">
      <div class="b-beside-head">
        <h3 id="compared-title" ref={heading} tabIndex={-1}>
          On the same requests
        </h3>
        <select
          class="b-field"
          aria-label="Scenario"
          value={chosen && watchable.indexOf(chosen)}
          onChange={({ currentTarget }) => setChosen(watchable[Number(currentTarget.value)])}
        >
          {watchable.map((scenario, index) => (
            <option key={index} value={index}>
              {scenarioText(scenario)}
            </option>
          ))}
        </select>
      </div>
      {state.kind === 'running' && <p class="b-replay-note">Running the solution and the shipped policies</p>}
      {state.kind === 'failed' && <p class="b-replay-note">They could not be compared: {state.reason}</p>}
      {state.kind === 'done' && chosen && (
        <>
          <p class="b-replay-says" role="status">
            {placeWords(state.rows)} Seed {chosen.seed}.
          </p>
          <Table rows={state.rows} />
          <p class="b-replay-note">
            n: the requests that the p99 is of. Steps are counted in code that runs in the sandbox; shipped policies run
            outside it, so theirs are not.
          </p>
          <SameArrivals kata={kata} verdict={chosen} />
        </>
      )}
    </section>
  );
}

/** The roles are said outright: on a phone its rows are blocks, and a table that is none to look at stays one to hear. */
function Table({ rows }: { rows: readonly Row[] }) {
  return (
    <table class="b-compared-table b-number" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            Policy
          </th>
          {columns.map((name) => (
            <th key={name} scope="col" role="columnheader">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={`${row.whose} ${row.name}`} role="row" class={row.whose === 'yours' ? 'b-current' : undefined}>
            <th scope="row" role="rowheader">
              {row.name}
            </th>
            {cellsOf(row).map((words, column) => (
              <td key={columns[column]} role="cell" data-name={columns[column]}>
                {words ?? (
                  <>
                    <span aria-hidden="true">–</span>
                    <span class="b-visually-hidden">not counted</span>
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
