import type { ComponentChildren } from 'preact';
import type { Failure, ScenarioVerdict } from '../../../engine/index.ts';
import { formatUs } from '../chart/format.ts';
import { withCode } from '../with-code.tsx';
import { Cross } from './Marks.tsx';
import { kindAdvice, scenarioText } from './summary.ts';

/** One failure in the order of the message template: when, what you chose, what was better, what it cost, Watch. */
export function FailureCard({
  failure,
  scenario,
  world,
  twin,
  watch,
  goTo,
}: {
  failure: Failure;
  /** Absent when nothing could run at all. */
  scenario?: ScenarioVerdict | undefined;
  /** The size of the world, where it is the smallest that fails in this way. */
  world?: string | undefined;
  /** The way to the smallest world that fails; absent where there is none. */
  twin?: ComponentChildren;
  /** Opens the replay; absent where there is nothing to replay. */
  watch?: (() => void) | undefined;
  goTo: (line: number, column?: number) => void;
}) {
  const ours = failure.kind === 'engine-fault';
  return (
    <article class="b-failure b-card" data-kind={failure.kind} aria-labelledby="failure-title">
      <h3 id="failure-title">
        {!ours && <Cross />}
        <span>{failure.title}</span>
      </h3>
      {scenario && (
        <p class="b-failure-where">
          {scenarioText(scenario)}. Seed {scenario.seed}.
          {world !== undefined && ` Shown as its twin, the smallest world that fails the same way: ${world}.`}
        </p>
      )}
      {failure.message !== undefined && <p class="b-failure-message">{withCode(failure.message)}</p>}
      <dl>
        {failure.line !== undefined && (
          <Part name="Where">
            <button type="button" class="b-link-button" onClick={() => goTo(failure.line!, failure.column)}>
              Line {failure.line}
              {failure.column !== undefined && `, column ${failure.column}`}
            </button>
          </Part>
        )}
        {failure.when && (
          <Part name="When">
            <strong>{formatUs(failure.when.atUs)}</strong>
            {failure.when.request > 0 && (
              <>
                , request <strong>{failure.when.request}</strong>
              </>
            )}
          </Part>
        )}
        {failure.chose !== undefined && <Part name="What you chose">{withCode(failure.chose)}</Part>}
        {failure.better !== undefined && <Part name="What was better">{withCode(failure.better)}</Part>}
        {failure.cost !== undefined && failure.cost !== '' && <Part name="What it cost">{withCode(failure.cost)}</Part>}
      </dl>
      {kindAdvice[failure.kind] !== '' && <p class="b-failure-advice">{kindAdvice[failure.kind]}</p>}
      <div class="b-failure-actions">
        {watch && <WatchButton atUs={failure.when?.atUs} upTo={scenario?.brokenOffUs !== undefined} watch={watch} />}
        {twin}
      </div>
    </article>
  );
}

function Part({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function WatchButton({
  atUs,
  upTo = false,
  watch,
}: {
  atUs?: number | undefined;
  /** The decision at that time came to no end: there is only what went before. */
  upTo?: boolean;
  watch: () => void;
}) {
  return (
    <button type="button" class="b-button b-button--main b-watch" onClick={watch}>
      <svg width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
        <path d="M1 7c2-4 5.2-6 9-6s7 2 9 6c-2 4-5.2 6-9 6S3 11 1 7Z" />
        <circle cx="10" cy="7" r="2.75" />
      </svg>
      Watch{atUs !== undefined && ` ${upTo ? 'up to' : 'at'} ${formatUs(atUs)}`}
    </button>
  );
}
