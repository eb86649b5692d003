import type { ComponentChildren, RefObject } from 'preact';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import type { TwinRun } from '../../bridge/kata.ts';
import type { AttemptRecord } from '../../store/progress.ts';
import { Chips } from './Chips.tsx';
import { FailureCard, WatchButton } from './FailureCard.tsx';
import type { Judged, Running } from './session.ts';
import { countText, headline, scenarioText, worldText } from './summary.ts';
import { canShrink } from './TwinOffer.tsx';

/** What a run said: the last verdict, the one on its way, or how to get one. */
export function ResultsPane(props: {
  heading: RefObject<HTMLHeadingElement>;
  running: Running | undefined;
  judged: Judged | undefined;
  outdated: boolean;
  last: AttemptRecord | undefined;
  chosen: ScenarioVerdict | undefined;
  choose: (scenario: ScenarioVerdict) => void;
  /** What was found when the chosen failure was shrunk, if that is what is shown. */
  twin: TwinRun | undefined;
  twinOffer: ComponentChildren;
  /** Watches what is shown. */
  watch: () => void;
  goTo: (line: number, column?: number) => void;
  abort: () => void;
  /** Shown when everything that was tried passed. */
  onward: ComponentChildren;
}) {
  const { heading, running, judged, outdated, last, chosen } = props;
  if (!judged) {
    return (
      <>
        <h2 ref={heading} tabIndex={-1}>
          {running ? runningText(running) : 'Not run yet'}
        </h2>
        {running ? <RunningRow running={running} abort={props.abort} /> : <Empty last={last} />}
      </>
    );
  }
  const { verdict } = judged;
  const { twin } = props;
  const failure = verdict.failure ?? twin?.verdict.failure ?? chosen?.failure;
  const watch = canWatch(twin?.verdict ?? chosen) ? props.watch : undefined;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {running ? runningText(running) : headline(verdict)}
      </h2>
      {running && <RunningRow running={running} abort={props.abort} />}
      <div class={running ? 'b-verdict b-verdict-past' : 'b-verdict'}>
        {running && <p class="b-results-note">The verdict of {clock(judged.at)}:</p>}
        {!running && outdated && (
          <p class="b-results-note">Of the code as it was at {clock(judged.at)}. It has changed since.</p>
        )}
        <Chips scenarios={verdict.scenarios} chosen={chosen} choose={props.choose} />
        {failure ? (
          <FailureCard
            failure={failure}
            scenario={chosen}
            world={twin && worldText(twin)}
            twin={!running && chosen && canShrink(chosen) && props.twinOffer}
            watch={failure.when && watch}
            goTo={props.goTo}
          />
        ) : (
          chosen && <Passed scenario={chosen} watch={watch} />
        )}
        {verdict.passed && props.onward}
        {verdict.log.length > 0 && <Console log={verdict.log} />}
      </div>
    </>
  );
}

/** Without a tape, or with one that ends before the first decision, there is nothing to look at. */
function canWatch(verdict: ScenarioVerdict | undefined): boolean {
  return verdict?.tape !== undefined && verdict.brokenOffUs !== 0 && verdict.lines?.length !== 0;
}

function runningText({ suite }: Running): string {
  return suite === 'both' ? 'Submitting' : 'Running the visible scenarios';
}

function RunningRow({ running, abort }: { running: Running; abort: () => void }) {
  return (
    <p class="b-running">
      <span class="b-number">{running.of === undefined ? 'Starting' : `${running.done} of ${running.of} done`}</span>
      <button type="button" class="b-link-button" onClick={abort}>
        Stop
      </button>
    </p>
  );
}

function Empty({ last }: { last: AttemptRecord | undefined }) {
  return (
    <div class="b-results-empty">
      <p>Run uses the visible scenarios. Submit adds the hidden ones, with seeds that nobody has seen before.</p>
      <p>
        While you type, <kbd>Ctrl</kbd>+<kbd>Enter</kbd> runs and <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>Enter</kbd>{' '}
        submits; on a Mac it is <kbd>⌘</kbd>.
      </p>
      {last && (
        <p>
          The last attempt, {clock(new Date(last.atIso))}: {countText(last.visible, last.hidden)}.
          {last.failure !== undefined && ` ${last.failure}.`}
        </p>
      )}
    </div>
  );
}

function Passed({ scenario, watch }: { scenario: ScenarioVerdict; watch: (() => void) | undefined }) {
  return (
    <div class="b-passed">
      <p>
        {scenarioText(scenario)}, passed. Seed {scenario.seed}.
      </p>
      {watch && <WatchButton watch={watch} />}
    </div>
  );
}

function Console({ log }: { log: readonly string[] }) {
  return (
    <details class="b-console" open>
      <summary>
        Console, {log.length} {log.length === 1 ? 'line' : 'lines'}
      </summary>
      <pre tabIndex={0}>{log.join('\n')}</pre>
    </details>
  );
}

/** "18:52", and the day when it is not today. */
export function clock(at: Date): string {
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const today = at.toDateString() === new Date().toDateString();
  return today ? time : `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}
