import { lazy, Suspense } from 'preact/compat';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Scenario, ScenarioVerdict } from '../../../../engine/index.ts';
import type { ToldCall } from '../../../bridge/kata.ts';
import { formatUs } from '../../chart/format.ts';
import type { KataInfo } from '../kata-info.ts';
import type { Remark } from '../editor/remark.ts';
import { Cross } from '../Marks.tsx';
import { callRemark } from '../remarks.ts';
import type { OtherAnswers } from './BesideCalls.tsx';
import { clockText, faultSpans } from './model.ts';
import { answeredAlike } from './pairs.ts';
import { nextCostlyCall, openingCall, pageOf, toldDecisions, type ToldDecision } from './calls.ts';
import type { Watchable } from './watchable.ts';
import { brokenOffWords } from './words.ts';

/** Fetched when it is asked for. */
const BesideCalls = lazy(() => import('./BesideCalls.tsx'));

type State =
  | { kind: 'opening' }
  | { kind: 'open'; world: Scenario; decisions: readonly ToldDecision[] }
  | { kind: 'failed'; reason: string };

/**
 * A run of a policy that no picture fits, such as a limit or a cookie: the list of its decisions, opened at the one where the check failed.
 * `onRemark` hears what is to be said of the line behind the decision shown.
 */
export function CallReplay({
  kata,
  watched,
  onRemark,
}: {
  kata: KataInfo;
  watched: Watchable;
  onRemark: (remark: Remark | undefined) => void;
}) {
  const [state, setState] = useState<State>({ kind: 'opening' });
  const [attempt, setAttempt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let left = false;
    setState({ kind: 'opening' });
    open(watched).then(
      (found) => left || setState(found),
      (error: unknown) =>
        left || setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
    heading.current?.focus();
    return () => {
      left = true;
    };
  }, [watched, attempt]);

  return (
    <section class="b-replay b-plate b-figure-plate" aria-labelledby="replay-title">
      <div class="b-replay-head">
        <h3 id="replay-title" ref={heading} tabIndex={-1}>
          Replay <span>{watched.name}</span>
        </h3>
      </div>
      {state.kind === 'opening' && <p class="b-replay-note">Opening the replay</p>}
      {state.kind === 'failed' && (
        <p class="b-replay-note">
          The replay could not be opened: {state.reason} The verdict above stands.{' '}
          <button type="button" class="b-link-button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </p>
      )}
      {state.kind === 'open' && state.decisions.length === 0 && (
        <p class="b-replay-note">Nothing to replay: no decision of your code came to an end in this run.</p>
      )}
      {state.kind === 'open' && state.decisions.length > 0 && (
        <Decisions
          kata={kata}
          scenario={watched.verdict}
          world={state.world}
          decisions={state.decisions}
          onRemark={onRemark}
        />
      )}
    </section>
  );
}

async function open({ verdict, calls: told }: Watchable): Promise<State> {
  const { scenario, calls } = await told();
  return { kind: 'open', world: scenario, decisions: toldDecisions(calls, verdict) };
}

function Decisions({
  kata,
  scenario,
  world,
  decisions,
  onRemark,
}: {
  kata: KataInfo;
  scenario: ScenarioVerdict;
  world: Scenario;
  decisions: readonly ToldDecision[];
  onRemark: (remark: Remark | undefined) => void;
}) {
  const [index, setIndex] = useState(() => openingCall(decisions, scenario));
  const [besideOpen, setBesideOpen] = useState(false);
  const [beside, setBeside] = useState<OtherAnswers>();
  const body = useRef<HTMLTableSectionElement>(null);
  const moves = useRef(false);
  const decision = decisions[index]!;
  const page = pageOf(index, decisions.length);
  const costly = nextCostlyCall(decisions, index);
  const faults = useMemo(() => faultSpans(world.timeline, world.durationUs), [world]);

  useEffect(() => {
    onRemark(callRemark(decision, scenario.failure));
    const row = body.current?.children[index - page.from] as HTMLElement | undefined;
    if (moves.current) row?.focus();
    moves.current = false;
    const box = row?.closest('.b-calls');
    if (row && box) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }, [decision]);

  const show = (to: number) => setIndex(Math.min(Math.max(to, 0), decisions.length - 1));
  const walk = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + 10,
      PageUp: index - 10,
      Home: 0,
      End: decisions.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moves.current = true;
    show(to);
  };

  return (
    <>
      <p class="b-replay-says" role="status">
        {decisionText(decision, index, decisions.length)}
        {index === decisions.length - 1 && brokenOffWords(scenario)}
      </p>
      {faults.length > 0 && (
        <p class="b-replay-says">
          {faults
            .map(({ words, toUs }) => `${words}${toUs < world.durationUs ? ` to ${formatUs(toUs)}` : ''}`)
            .join('; ')}
          .
        </p>
      )}
      <div class="b-calls">
        <table class="b-event-table b-call-table">
          <caption class="b-visually-hidden">
            Decisions {page.from + 1} to {page.to} of {decisions.length}. Arrow keys walk the rows.
          </caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Asked</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={walk}>
            {decisions.slice(page.from, page.to).map((one, at) => (
              <tr
                key={page.from + at}
                tabIndex={page.from + at === index ? 0 : -1}
                aria-current={page.from + at === index ? 'true' : undefined}
                class={page.from + at === index ? 'b-current' : undefined}
                onClick={() => show(page.from + at)}
              >
                <td class="b-mono">{clockText(one.call.atUs)}</td>
                <td>
                  <span class="b-mono">{one.call.call}</span> {asked(one.call, true)}
                </td>
                <td>
                  {one.costly && (
                    <>
                      <Cross /> <span class="b-visually-hidden">Broke the check: </span>
                    </>
                  )}
                  {one.call.answered}
                  {beside && !answeredAlike(one, beside.answers[page.from + at]) && (
                    <span class="b-other-answer">
                      {beside.name}: {beside.answers[page.from + at]?.call.answered ?? 'was not asked'}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="b-controls">
        <div role="group" aria-label="Replay" class="b-transport">
          <button type="button" class="b-figure-button" aria-disabled={index === 0} onClick={() => show(index - 1)}>
            Previous decision
          </button>
          <button
            type="button"
            class="b-figure-button"
            aria-disabled={index === decisions.length - 1}
            onClick={() => show(index + 1)}
          >
            Next decision
          </button>
        </div>
        <button
          type="button"
          class="b-figure-button"
          aria-expanded={besideOpen}
          aria-controls="replay-beside"
          onClick={() => setBesideOpen(!besideOpen)}
        >
          Beside another policy
        </button>
        <span class="b-controls-gap" />
        {costly !== undefined && (
          <button type="button" class="b-figure-button b-figure-button--strong" onClick={() => show(costly)}>
            Next costly decision
          </button>
        )}
      </div>
      <div id="replay-beside">
        {besideOpen && (
          <Suspense fallback={<p class="b-replay-note">Opening the other policy</p>}>
            <BesideCalls
              kata={kata}
              world={world}
              seed={scenario.seed}
              decisions={decisions}
              index={index}
              show={show}
              onAnswers={setBeside}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

/** `named`: the name of the call stands before it already. */
function asked({ call, asked: told, of }: ToldCall, named = false): string {
  const words = named && told.startsWith(`${call} `) ? told.slice(call.length + 1) : told;
  return of === undefined ? words : `${of}: ${words}`;
}

function decisionText({ call, costly }: ToldDecision, index: number, of: number): string {
  const place = `Decision ${index + 1} of ${of}, at ${formatUs(call.atUs)}`;
  return `${place}: ${asked(call)}: ${call.answered}.${costly ? ' This one broke the check.' : ''}`;
}
