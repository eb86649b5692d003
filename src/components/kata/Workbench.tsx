import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import type { AttemptRecord } from '../../store/progress.ts';
import { Attempts } from './Attempts.tsx';
import type { Remark } from './editor/remark.ts';
import { EditorPane, type Comparison } from './EditorPane.tsx';
import { Excerpt } from './Excerpt.tsx';
import { HelpLadder, type Rung } from './HelpLadder.tsx';
import { isDrawn, type KataInfo } from './kata-info.ts';
import { tabbed, useLayout, type TabId } from './layout.ts';
import { NamedMisconception } from './NamedMisconception.tsx';
import { Onward } from './Onward.tsx';
import { PageBar } from './PageBar.tsx';
import { decisionRemark, factsOf, failureRemark } from './remarks.ts';
import { CallReplay } from './replay/CallReplay.tsx';
import { Replay } from './replay/Replay.tsx';
import { scenarioRun, twinRun, type Watchable } from './replay/watchable.ts';
import { clock, ResultsPane } from './ResultsPane.tsx';
import { servicesFor } from './services.ts';
import { createSession, type Suite } from './session.ts';
import { solutionOf } from './solutions.ts';
import { firstFailed } from './summary.ts';
import { Splitter } from './Splitter.tsx';
import { Tabs } from './Tabs.tsx';
import { TwinOffer } from './TwinOffer.tsx';
import { useComparison, useEditor, type Notice } from './use-editor.ts';

/** Fetched when a run gave a wrong answer. */
const SameArrivals = lazy(() => import('./SameArrivals.tsx'));

interface Props {
  readonly kata: KataInfo;
  /** Slots, rendered when the site is built: the prose of the kata. */
  readonly brief?: ComponentChildren;
  readonly types?: ComponentChildren;
  readonly nudge?: ComponentChildren;
  readonly misconception?: ComponentChildren;
  readonly skeleton?: ComponentChildren;
}

export default function Workbench({ kata, brief, types, nudge, misconception, skeleton }: Props) {
  const session = useMemo(() => createSession(kata, servicesFor(kata)), [kata]);
  const layout = useLayout();
  const [tab, setTab] = useState<TabId>('brief');
  const [chosen, setChosen] = useState<ScenarioVerdict>();
  const [watched, setWatched] = useState<Watchable>();
  const [whole, setWhole] = useState(false);
  const [remark, setRemark] = useState<Remark>();
  const [comparison, setComparison] = useState<Comparison>();
  const [notice, setNotice] = useState<Notice>();
  const heading = useRef<HTMLHeadingElement>(null);
  const desk = useEditor(kata, session, { run, showNotice: setNotice });
  useComparison(desk.comparisonHost, comparison);

  const judged = session.judged.value;
  const running = session.running.value;

  async function run(suite: Suite) {
    if (session.running.value) return;
    const before = session.source.value;
    setWatched(undefined);
    setComparison(undefined);
    setNotice(undefined);
    if (layout === 'narrow') setTab('results');
    await session.run(suite);
    // Who goes on typing keeps the cursor; the live region tells them that the verdict is there.
    if (session.source.value !== before) return;
    setTab('results');
    requestAnimationFrame(() => heading.current?.focus());
  }

  /** A new verdict: its first failure is shown, and its line in the editor. */
  useSignalEffect(() => {
    const verdict = session.judged.value?.verdict;
    choose(verdict && firstFailed(verdict));
  });

  function choose(scenario: ScenarioVerdict | undefined) {
    setChosen(scenario);
    setWhole(false);
    session.stopShrinking();
  }

  const found = session.shrinking.value;
  const shrinking = found?.of === chosen ? found : undefined;
  const twin = shrinking?.kind === 'found' && !whole ? shrinking.twin : undefined;

  /** Another failure, or its twin in its place: the line that is spoken of is another, too. */
  useEffect(() => {
    setWatched(undefined);
    const failure = (twin?.verdict ?? chosen)?.failure ?? session.judged.peek()?.verdict.failure;
    setRemark(failure && failureRemark(failure));
  }, [chosen, twin, judged]);

  function shrink() {
    setWhole(false);
    if (chosen) void session.shrink(chosen);
  }

  /** A twin that is found while the whole run is watched waits to be asked for. */
  function watch() {
    if (!twin) setWhole(true);
    setWatched(twin ? twinRun(twin) : chosen && scenarioRun(kata.slug, chosen));
  }

  /** The remark speaks of the code that was judged: on other code it would point at the wrong line. */
  const outdated = session.outdated.value;
  const showRemark = () => desk.editor?.remark(outdated ? undefined : remark);
  useEffect(showRemark, [desk.editor, remark, outdated]);

  function goTo(line: number, column?: number) {
    setComparison(undefined);
    setTab('editor');
    requestAnimationFrame(() => desk.editor?.goTo(line, column));
  }

  function replace(source: string, words: string) {
    const before = session.source.value;
    desk.editor?.replace(source);
    setNotice({ words, undo: { name: 'Undo', run: () => replaceBack(before) } });
  }

  function replaceBack(source: string) {
    desk.editor?.replace(source);
    setNotice(undefined);
  }

  function reset() {
    const undo = session.reset();
    desk.editor?.replace(kata.starter);
    setComparison(undefined);
    setNotice({
      words: 'The starter is back.',
      undo: {
        name: 'Undo',
        run: () => {
          undo();
          replaceBack(session.source.value);
        },
      },
    });
  }

  function compare(title: string, before: string, after: string) {
    setTab('editor');
    setComparison({ title, before, after });
  }

  async function showSolution() {
    try {
      compare('Your code, and the solution', session.source.value, await solutionOf(kata.slug));
    } catch {
      setNotice({ words: 'The solution could not be fetched. Is there a connection? Then open it again.' });
    }
  }

  const failed = chosen?.failure?.kind === 'wrong-answer' && !running ? judged : undefined;
  const rungs: Rung[] = [
    {
      name: 'Name the misconception',
      note: failed && 'Read from your last run',
      content: <NamedMisconception kata={kata} failed={failed} general={misconception} />,
    },
    { name: 'Show a skeleton', content: skeleton },
    { name: 'Show the solution as a diff', onOpen: () => void showSolution() },
  ];

  const shown = tabbed[layout];
  const current = shown.includes(tab) ? tab : shown[0];
  const role = (pane: TabId) =>
    shown.includes(pane)
      ? ({ role: 'tabpanel', 'aria-labelledby': `tab-${pane}` } as const)
      : ({ 'aria-label': paneName[pane] } as const);
  const failing = session.failing.value;
  const arrivals = failed && chosen?.tape && chosen.brokenOffUs === undefined && (
    <Suspense fallback={null}>
      <SameArrivals kata={kata} verdict={chosen} onShown={showRemark} />
    </Suspense>
  );

  return (
    <div class="b-kata" data-tab={tab}>
      <PageBar
        kata={kata}
        session={session}
        comparing={comparison !== undefined}
        reset={reset}
        diff={() =>
          comparison
            ? setComparison(undefined)
            : compare('The starter, and your code', kata.starter, session.source.value)
        }
        run={(suite) => void run(suite)}
      />
      <p class="b-visually-hidden" role="status">
        {session.said}
      </p>
      <noscript>
        <p class="b-kata-notice">
          A kata needs JavaScript: your code runs here, in this browser. The brief, the types and the starter can be
          read without.
        </p>
      </noscript>
      {notice && (
        <p class="b-kata-notice" role="status">
          {notice.words}{' '}
          {notice.undo && (
            <button type="button" class="b-link-button" onClick={notice.undo.run}>
              {notice.undo.name}
            </button>
          )}{' '}
          <button type="button" class="b-link-button" onClick={() => setNotice(undefined)}>
            Dismiss
          </button>
        </p>
      )}
      {desk.safe && (
        <p class="b-kata-notice">
          Opened with the starter. The code you kept is untouched, and nothing typed here is kept.{' '}
          <a href={location.pathname}>Open with my code</a>
        </p>
      )}
      <div class="b-kata-panes">
        {current && (
          <Tabs
            tabs={shown.map((id) => ({
              id,
              name: id === 'results' && failing > 0 ? `Results, ${failing} failing` : paneName[id],
            }))}
            chosen={current}
            choose={setTab}
          />
        )}
        <section class="b-pane b-pane-brief" id="pane-brief" {...role('brief')}>
          <h2>Brief</h2>
          <div class="b-brief">{brief}</div>
          <h2>Types</h2>
          {types}
          <h2>Help</h2>
          <HelpLadder
            nudge={nudge}
            rungs={rungs}
            state={session.state.value}
            helped={session.helped.value}
            takeHelp={() => session.takeHelp()}
          />
        </section>
        <section class="b-pane b-pane-editor" id="pane-editor" {...role('editor')}>
          {layout === 'wide' && (
            <Splitter
              name="Width of the brief"
              pane="pane-brief"
              property="--b-pane-brief"
              edge="start"
              leastPx={200}
              mostPx={520}
            />
          )}
          <EditorPane
            kata={kata}
            host={desk.host}
            comparisonHost={desk.comparisonHost}
            state={desk.state}
            comparison={comparison}
            leaveComparison={() => setComparison(undefined)}
            facts={factsOf(judged?.verdict, chosen, remark)}
          />
          {layout !== 'narrow' && arrivals}
          {layout !== 'narrow' && (
            <Splitter
              name={layout === 'wide' ? 'Width of the results' : 'Width of brief and results'}
              pane={`pane-${layout === 'wide' ? 'results' : current}`}
              property={layout === 'wide' ? '--b-pane-results' : '--b-pane-side'}
              edge="end"
              leastPx={320}
              mostPx={800}
            />
          )}
        </section>
        <section class="b-pane b-pane-results" id="pane-results" {...role('results')}>
          <ResultsPane
            heading={heading}
            running={running}
            judged={judged}
            outdated={outdated}
            last={session.attempts.value.at(-1)}
            chosen={chosen}
            choose={choose}
            twin={twin}
            twinOffer={
              <TwinOffer
                shrinking={shrinking}
                whole={whole}
                start={shrink}
                stop={() => session.stopShrinking()}
                showWhole={setWhole}
              />
            }
            watch={watch}
            goTo={goTo}
            abort={() => session.abort()}
            onward={
              judged && (
                <Onward
                  kata={kata}
                  verdict={judged.verdict}
                  suite={judged.suite}
                  state={session.state.value}
                  review={session.review.value}
                  showSolution={() => void showSolution()}
                />
              )
            }
          />
          {watched && judged && !running && !isDrawn(kata.policy) && (
            <CallReplay kata={kata} watched={watched} onRemark={(told) => told && setRemark(told)} />
          )}
          {watched && judged && !running && isDrawn(kata.policy) && (
            <Replay
              kata={kata}
              watched={watched}
              onDecision={(decision, cast) =>
                decision && setRemark(decisionRemark(decision, cast, watched.verdict.failure))
              }
            />
          )}
          {layout === 'narrow' && remark && judged && !running && (
            <Excerpt kata={kata} source={judged.source} remark={remark} openEditor={() => goTo(remark.line)} />
          )}
          {layout === 'narrow' && arrivals}
          <Attempts
            attempts={session.attempts.value}
            compare={(attempt) =>
              compare(`The attempt of ${attemptTime(attempt)}, and your code`, attempt.source, session.source.value)
            }
            restore={(attempt) => {
              setComparison(undefined);
              setTab('editor');
              replace(attempt.source, `The code of ${attemptTime(attempt)} is back.`);
            }}
          />
        </section>
      </div>
    </div>
  );
}

const paneName: Record<TabId, string> = { brief: 'Brief', editor: 'Editor', results: 'Results' };

function attemptTime({ atIso }: AttemptRecord): string {
  return clock(new Date(atIso));
}
