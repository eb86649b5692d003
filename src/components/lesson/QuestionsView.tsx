import { useEffect, useRef, useState } from 'preact/hooks';
import { withCode } from '../with-code.tsx';
import type { Question } from './bank.ts';
import { markDone } from './beats.ts';
import { MarkShape } from './Mark.tsx';
import { type Draw, draw, missed } from './draw.ts';
import './questions.css';

interface Props {
  readonly lesson: string;
  readonly pool: readonly Question[];
  readonly count: number;
}

/** A few questions of the pool, one at a time. After an answer every option is explained; a second round asks only what was missed. */
export function QuestionsView({ lesson, pool, count }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLLegendElement>(null);
  const [round, setRound] = useState<Draw>({ questions: pool.slice(0, count), answers: {} });
  const [at, setAt] = useState(0);
  const [choice, setChoice] = useState<number>();
  const [problem, setProblem] = useState('');

  // The server cannot draw for each reader; what was answered on an earlier visit is drawn last.
  useEffect(() => {
    void import('../../store/progress.ts')
      .then(({ answers }) => answers(lesson))
      .then((answered) => setRound(draw(pool, count, new Set(answered.keys()), Math.random)))
      .catch(() => setProblem('Earlier answers could not be read. These are the first questions of the pool.'));
  }, []);

  const question = round.questions[at];
  const answered = question === undefined ? undefined : round.answers[question.id];

  const answer = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (question === undefined) return;
    if (choice === undefined) {
      setProblem('Choose one of the options first.');
      return;
    }
    setProblem('');
    const answers = { ...round.answers, [question.id]: choice };
    setRound({ ...round, answers });
    if (round.questions.every(({ id }) => id in answers)) markDone(root.current, ['check']);
    try {
      const { saveAnswer } = await import('../../store/progress.ts');
      await saveAnswer(lesson, question.id, choice);
    } catch {
      setProblem('Your answer stands on this page, and could not be kept for your next visit.');
    }
  };

  const go = (to: number): void => {
    setAt(to);
    setChoice(undefined);
    setProblem('');
    heading.current?.focus();
  };
  const retry = (): void => {
    setRound({ questions: missed(round), answers: {} });
    go(0);
  };

  const finished = question === undefined;
  return (
    <div ref={root} class="b-card b-questions not-content">
      {finished ? (
        <Score round={round} onRetry={retry} />
      ) : (
        <form onSubmit={(event) => void answer(event)}>
          <fieldset>
            <p class="b-questions-count">
              Question {at + 1} of {round.questions.length}
            </p>
            <legend ref={heading} tabIndex={-1} class="b-questions-text">
              {withCode(question.question)}
            </legend>
            {question.options.map((_, index) => (
              <Option
                key={`${question.id}-${index}`}
                question={question}
                index={index}
                answered={answered}
                chosen={choice === index}
                onChoose={() => setChoice(index)}
              />
            ))}
          </fieldset>
          <div class="b-questions-buttons">
            {answered === undefined ? (
              <button type="submit" class="b-button b-button--main">
                Answer
              </button>
            ) : (
              <button type="button" class="b-button b-button--main" onClick={() => go(at + 1)}>
                {at + 1 < round.questions.length ? 'Next question' : 'See how it went'}
              </button>
            )}
            <p role="status">{problem || (answered === undefined ? '' : 'Retry will ask only what you missed.')}</p>
          </div>
        </form>
      )}
    </div>
  );
}

interface OptionProps {
  readonly question: Question;
  readonly index: number;
  readonly answered: number | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** A ring to choose; once answered, a tick or a cross and the reason, for this option as for all. */
function Option({ question, index, answered, chosen, onChoose }: OptionProps) {
  const option = question.options[index]!;
  if (answered === undefined) {
    return (
      <label class="b-option">
        <input type="radio" name={question.id} checked={chosen} onChange={onChoose} />
        <span class="b-option-text">{withCode(option.text)}</span>
      </label>
    );
  }
  const right = option.correct === true;
  const yours = answered === index;
  const verdict = right ? (yours ? 'Your answer, right' : 'Right') : yours ? 'Your answer, not so' : undefined;
  return (
    <div class="b-option b-option--told">
      <svg
        viewBox="-8 -8 16 16"
        class={`b-option-mark ${right ? 'b-hue-well' : yours ? 'b-hue-broken' : ''}`}
        aria-hidden="true"
      >
        {right || yours ? <MarkShape shape={right ? 'tick' : 'cross'} /> : <circle r="3.5" class="b-option-ring" />}
      </svg>
      <div>
        <p class="b-option-text">
          {withCode(option.text)} {verdict && <b class={right ? 'b-option-right' : 'b-option-wrong'}>{verdict}</b>}
        </p>
        <p class="b-option-why">{withCode(option.why)}</p>
      </div>
    </div>
  );
}

function Score({ round, onRetry }: { round: Draw; onRetry: () => void }) {
  const wrong = missed(round);
  const right = round.questions.length - wrong.length;
  return (
    <div>
      <p class="b-questions-text" role="status">
        {right} of {round.questions.length} right.
      </p>
      {wrong.length > 0 ? (
        <>
          <p class="b-option-why">You missed:</p>
          <ul class="b-questions-missed">
            {wrong.map(({ id, question }) => (
              <li key={id}>{withCode(question)}</li>
            ))}
          </ul>
          <div class="b-questions-buttons">
            <button type="button" class="b-button b-button--main" onClick={onRetry}>
              Try {wrong.length === 1 ? 'it' : `those ${wrong.length}`} again
            </button>
          </div>
        </>
      ) : (
        <p class="b-option-why">Nothing missed. A later visit draws others from the pool.</p>
      )}
    </div>
  );
}
