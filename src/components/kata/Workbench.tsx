import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Failure, ScenarioVerdict } from '../../../engine/index.ts';
import type { AttemptRecord } from '../../store/progress.ts';
import { formatCount, trim } from '../chart/format.ts';
import type { Cast } from '../lesson/cast.ts';
import { Attempts } from './Attempts.tsx';
import type { EditorHandle } from './editor/create.ts';
import type { Remark } from './editor/remark.ts';
import { EditorPane, type Comparison, type EditorState } from './EditorPane.tsx';
import { Excerpt } from './Excerpt.tsx';
import { HelpLadder, type Rung } from './HelpLadder.tsx';
import type { KataInfo } from './kata-info.ts';
import { tabbed, useLayout, type TabId } from './layout.ts';
import { misconceptionsOf } from './misconceptions.ts';
import { PageBar } from './PageBar.tsx';
import type { Decision } from './replay/model.ts';
import { Replay } from './replay/Replay.tsx';
import { lineWords } from './replay/words.ts';
import { clock, ResultsPane } from './ResultsPane.tsx';
import { servicesFor } from './services.ts';
import { createSession, type Session, type Suite } from './session.ts';
import { solutionOf } from './solutions.ts';
import { firstFailed, lineFact, lineRemark } from './summary.ts';
import { Tabs } from './Tabs.tsx';

interface Props {
  readonly kata: KataInfo;
  /** Slots, rendered when the site is built: the prose of the kata. */
  readonly brief?: ComponentChildren;
  readonly types?: ComponentChildren;
  readonly nudge?: ComponentChildren;
  readonly misconception?: ComponentChildren;
  readonly skeleton?: ComponentChildren;
}

/** Something just done that can be taken back. */
interface Notice {
  readonly words: string;
  readonly undo?: { readonly name: string; readonly run: () => void };
}

export default function Workbench({ kata, brief, types, nudge, misconception, skeleton }: Props) {
  const session = useMemo(() => createSession(kata, servicesFor(kata.slug)), [kata]);
  const layout = useLayout();
  const [tab, setTab] = useState<TabId>('brief');
  const [chosen, setChosen] = useState<ScenarioVerdict>();
  const [watched, setWatched] = useState<ScenarioVerdict>();
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
    setWatched(undefined);
    const failure = scenario?.failure ?? session.judged.peek()?.verdict.failure;
    setRemark(failure && failureRemark(failure));
  }

  /** The remark speaks of the code that was judged: on other code it would point at the wrong line. */
  const outdated = session.outdated.value;
  useEffect(() => desk.editor?.remark(outdated ? undefined : remark), [desk.editor, remark, outdated]);

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
    } catch (error) {
      setNotice({
        words: `The solution could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }

  const failed = chosen?.failure?.kind === 'wrong-answer' ? chosen.failure.title : undefined;
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
          <EditorPane
            kata={kata}
            host={desk.host}
            comparisonHost={desk.comparisonHost}
            state={desk.state}
            comparison={comparison}
            leaveComparison={() => setComparison(undefined)}
            facts={factsOf(chosen, remark)}
          />
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
            watch={setWatched}
            goTo={goTo}
            abort={() => session.abort()}
            onward={
              <Onward
                kata={kata}
                suite={judged?.suite}
                state={session.state.value}
                showSolution={() => void showSolution()}
              />
            }
          />
          {watched && judged && !running && (
            <Replay
              kata={kata}
              scenario={watched}
              onDecision={(decision, cast) => decision && setRemark(decisionRemark(decision, cast, watched.failure))}
            />
          )}
          {layout === 'narrow' && remark && judged && !running && (
            <Excerpt kata={kata} source={judged.source} remark={remark} openEditor={() => goTo(remark.line)} />
          )}
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

/** What the row under the editor says of the last run. */
function factsOf(chosen: ScenarioVerdict | undefined, remark: Remark | undefined): string[] {
  const facts: string[] = [];
  if (chosen?.stepsPerDecision !== undefined) facts.push(stepText(chosen.stepsPerDecision));
  if (remark?.fact !== undefined) facts.push(`Line ${remark.line} ${remark.fact}`);
  return facts;
}

/** The mistakes that end as the last run did, then the one this kata is about. */
function NamedMisconception({
  kata,
  failed,
  general,
}: {
  kata: KataInfo;
  failed: string | undefined;
  general: ComponentChildren;
}) {
  const fitting = misconceptionsOf(kata.misconceptions, failed);
  return (
    <>
      {failed !== undefined && fitting.length === 0 && <p>No known misconception fits your last run.</p>}
      {fitting.length > 0 && <p>A run like yours comes from thinking:</p>}
      {fitting.length > 0 && (
        <ul class="b-thoughts">
          {fitting.map(({ words }) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {general}
    </>
  );
}

function failureRemark(failure: Failure): Remark | undefined {
  if (failure.line === undefined) return undefined;
  return { line: failure.line, words: lineRemark(failure), fact: lineFact(failure), tone: 'broken' };
}

/** The line of the decision that the replay shows; where the check failed, in the words of the failure. */
function decisionRemark(decision: Decision, cast: Cast, failure: Failure | undefined): Remark | undefined {
  if (failure && decision.atUs === failure.when?.atUs) return failureRemark(failure);
  if (decision.line === 0) return undefined;
  const words = lineWords(decision, cast);
  return { line: decision.line, words, fact: words, tone: decision.costly ? 'broken' : 'plain' };
}

/** What a decision costs, in steps of the guard; the same code costs the same on every machine. */
function stepText(steps: number): string {
  const count = steps < 10 ? trim(steps, 1) : formatCount(steps);
  return `${count} ${count === '1' ? 'step' : 'steps'} per decision`;
}

/** Nothing failed: what comes next. */
function Onward({
  kata,
  suite,
  state,
  showSolution,
}: {
  kata: KataInfo;
  suite: Suite | undefined;
  state: string;
  showSolution: () => void;
}) {
  if (suite === 'visible') {
    return <p class="b-onward">What was tried holds. Submit tries the hidden scenarios too.</p>;
  }
  return (
    <div class="b-onward">
      <p>
        <strong>{state === 'solved-with-help' ? 'Solved with help.' : 'Solved.'}</strong> It held in every scenario that
        was tried, with seeds drawn for this submission.
      </p>
      <p>
        <button type="button" class="b-link-button" onClick={showSolution}>
          Compare with the reference solution
        </button>
      </p>
      {kata.next && (
        <p>
          <a href={kata.next.href}>
            Next kata: {kata.next.number} {kata.next.title}
          </a>
        </p>
      )}
    </div>
  );
}

/** The editor: fetched after the page has been drawn, filled with what was kept, and wired to the session. */
function useEditor(
  kata: KataInfo,
  session: Session,
  page: { run: (suite: Suite) => Promise<void>; showNotice: (notice: Notice) => void },
) {
  const host = useRef<HTMLDivElement>(null);
  const comparisonHost = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<EditorHandle>();
  const [safe, setSafe] = useState(false);
  const [state, setState] = useState<EditorState>({
    language: 'starting',
    problems: [],
    tabLeaves: false,
    line: 1,
    column: 1,
  });
  const runNow = useRef(page.run);
  runNow.current = page.run;

  useEffect(() => {
    const change = (part: Partial<EditorState>) => setState((before) => ({ ...before, ...part }));
    let handle: EditorHandle | undefined;
    let left = false;
    void start().catch((error: unknown) => {
      page.showNotice({
        words: `The editor could not be loaded: ${error instanceof Error ? error.message : String(error)}. Reload the page to try again.`,
      });
    });

    async function start() {
      const asked = new URLSearchParams(location.search).has('safe');
      setSafe(asked);
      await session.open({ safe: asked });
      const { createEditor } = await import('./editor/create.ts');
      if (left || !host.current) return;
      handle = createEditor(host.current, session.source.value, `${kata.title}, your code`, {
        onChange: (source) => session.edit(source),
        onCursor: (line, column) => change({ line, column }),
        onProblems: (problems) => change({ language: 'ready', problems }),
        onTabLeaves: (tabLeaves) => change({ tabLeaves }),
        onRun: () => void runNow.current('visible'),
        onSubmit: () => void runNow.current('both'),
      });
      setEditor(handle);
      try {
        const [{ languageService }, { prepare }] = await Promise.all([
          import('../../bridge/language.ts'),
          import('../../bridge/kata.ts'),
        ]);
        handle.connect(languageService(kata.policy));
        await prepare(kata.slug);
      } catch {
        change({ language: 'failed' });
      }
    }

    const flush = () => void session.flush();
    addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      left = true;
      removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
      session.abort();
      handle?.destroy();
    };
  }, [kata, session]);

  return { host, comparisonHost, editor, safe, state };
}

function useComparison(host: { current: HTMLDivElement | null }, comparison: Comparison | undefined) {
  useEffect(() => {
    if (!comparison || !host.current) return;
    const parent = host.current;
    let remove: (() => void) | undefined;
    let left = false;
    void import('./editor/compare.ts').then(({ createComparison }) => {
      if (!left) remove = createComparison(parent, comparison.before, comparison.after, comparison.title);
    });
    return () => {
      left = true;
      remove?.();
    };
  }, [comparison]);
}
