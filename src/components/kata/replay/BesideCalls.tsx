import { useEffect, useRef, useState } from 'preact/hooks';
import type { Scenario } from '../../../../engine/index.ts';
import { referenceCalls } from '../../../bridge/kata.ts';
import { othersOf, type Other } from '../others.ts';
import type { KataInfo } from '../kata-info.ts';
import { toldDecisions, type ToldDecision } from './calls.ts';
import { answeredAlike, pairCalls, partingOf, partingWords, type Parting } from './pairs.ts';

/** What another policy answered, decision by decision. */
export interface OtherAnswers {
  readonly name: string;
  /** For each decision of the learner's; undefined where it was not asked. */
  readonly answers: readonly (ToldDecision | undefined)[];
  readonly parting: Parting | undefined;
}

type State = { kind: 'opening' } | { kind: 'open'; answers: OtherAnswers } | { kind: 'failed'; reason: string };

/** Another policy on identical arrivals, told in words: where the two first differ. `onAnswers` hears what it answered, for the list. */
export default function BesideCalls(props: {
  kata: KataInfo;
  world: Scenario;
  seed: number;
  decisions: readonly ToldDecision[];
  index: number;
  show: (index: number) => void;
  onAnswers: (answers: OtherAnswers | undefined) => void;
}) {
  const { kata, world, seed, decisions } = props;
  const [others] = useState(() => othersOf(kata.policy, world));
  const [other, setOther] = useState(others[0]!);
  const [state, setState] = useState<State>({ kind: 'opening' });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    let left = false;
    setState({ kind: 'opening' });
    ask(kata, other, seed, decisions).then(
      (answers) => {
        if (left) return;
        setState({ kind: 'open', answers });
        props.onAnswers(answers);
      },
      (error: unknown) =>
        left || setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      left = true;
      props.onAnswers(undefined);
    };
  }, [other]);
  const parting = state.kind === 'open' ? state.answers.parting : undefined;
  return (
    <section class="b-beside" aria-labelledby="beside-title">
      <div class="b-beside-head">
        <h4 id="beside-title" ref={heading} tabIndex={-1}>
          On the same arrivals{others.length === 1 && `: ${other.name.toLowerCase()}`}
        </h4>
        {others.length > 1 && (
          <select
            class="b-field"
            aria-label="Policy beside yours"
            value={other.id}
            onChange={({ currentTarget }) => setOther(others.find(({ id }) => id === currentTarget.value)!)}
          >
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      {state.kind === 'opening' && <p class="b-replay-note">Running it on the same arrivals</p>}
      {state.kind === 'failed' && <p class="b-replay-note">It could not be run beside yours: {state.reason}</p>}
      {state.kind === 'open' && (
        <p class="b-replay-says" role="status">
          {partingWords(parting, decisions.length, (at) => decisions[at]!.call.atUs)}
          {parting && ' Where they differ, the list says both.'}
        </p>
      )}
      {state.kind === 'open' && (
        <p class="b-replay-says">{hereWords(state.answers, decisions[props.index]!, props.index)}</p>
      )}
      {parting && (
        <p class="b-beside-actions">
          <button
            type="button"
            class="b-figure-button b-figure-button--strong"
            aria-disabled={props.index === parting.first}
            onClick={() => props.show(parting.first)}
          >
            Go to the first difference
          </button>
        </p>
      )}
    </section>
  );
}

/** What both answer at the decision that is shown. */
function hereWords({ name, answers }: OtherAnswers, mine: ToldDecision, index: number): string {
  const theirs = answers[index];
  const place = `Decision ${index + 1}`;
  if (!theirs) return `${place}: yours ${mine.call.answered}. ${name}: was not asked.`;
  if (answeredAlike(mine, theirs)) return `${place}: both answer the same, ${mine.call.answered}.`;
  return `${place}: yours ${mine.call.answered}. ${name}: ${theirs.call.answered}.`;
}

async function ask(
  { slug }: KataInfo,
  { name, world }: Other,
  seed: number,
  decisions: readonly ToldDecision[],
): Promise<OtherAnswers> {
  const theirs = toldDecisions(await referenceCalls(slug, world, seed), {});
  const answers = pairCalls(decisions, theirs);
  return { name, answers, parting: partingOf(decisions, answers, answeredAlike) };
}
