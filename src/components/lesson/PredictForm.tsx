import { useEffect, useRef, useState } from 'preact/hooks';
import type { Prediction } from '../../store/progress.ts';
import { markDone } from './beats.ts';
import { linearRuler, logRuler, nearestMark, partOf, type Ruler } from './scale.ts';
import { unbroken } from '../chart/format.ts';
import { UNITS, type Unit, comparedWords, keptValue, shownValue, tickWords } from './units.ts';
import './predict.css';

interface Props {
  readonly lesson: string;
  readonly id: string;
  readonly question: string;
  readonly hint?: string | undefined;
  readonly unit: Unit;
  readonly min: number;
  readonly max: number;
  readonly scale: 'log' | 'linear';
  readonly step: number;
  readonly choices?: readonly Choice[] | undefined;
  /** What the engine measured, in the unit. */
  readonly answer: number;
  readonly reference?: { readonly label: string; readonly value: number } | undefined;
}

interface Choice {
  readonly label: string;
  readonly from?: number;
  readonly to?: number;
}

/** A prediction: a mark on a ruler or one of a few choices, one line of why, and then it is fixed. */
export function PredictForm(props: Props) {
  const { lesson, id, question, hint, unit, choices, answer } = props;
  const root = useRef<HTMLFormElement>(null);
  const ruler = props.scale === 'log' ? logRuler(props.min, props.max) : linearRuler(props.min, props.max, props.step);
  const [mark, setMark] = useState<number>();
  const [choice, setChoice] = useState<number>();
  const [why, setWhy] = useState('');
  const [kept, setKept] = useState<Prediction>();
  const [problem, setProblem] = useState('');

  useEffect(() => {
    void import('../../store/progress.ts')
      .then(({ prediction }) => prediction(lesson, id))
      .then((found) => found && setKept(found))
      .catch(() => setProblem('An earlier prediction could not be read. You can make one now.'));
  }, []);

  const value = mark === undefined ? undefined : ruler.values[mark]!;
  const chosen = choices === undefined ? value !== undefined : choice !== undefined;
  const words = choices === undefined ? value !== undefined && UNITS[unit].words(value) : '';

  const keep = async (declined: boolean): Promise<void> => {
    const committed = choices === undefined ? keptValue(unit, value ?? 0) : (choices[choice ?? 0]?.label ?? '');
    const prediction = { value: declined ? null : committed, why, declined, atIso: new Date().toISOString() };
    setKept(prediction);
    setProblem('');
    markDone(root.current, ['predict']);
    try {
      const { savePrediction } = await import('../../store/progress.ts');
      await savePrediction(lesson, id, prediction);
    } catch {
      setProblem('Your prediction stands on this page, and could not be kept for your next visit.');
    }
  };

  const commit = (event: Event): void => {
    event.preventDefault();
    if (!chosen) return setProblem(choices ? 'Choose one of the answers first.' : 'Place a marker on the scale first.');
    if (why.trim() === '')
      return setProblem('Write one line of why first. It is for you: being wrong with a reason is what stays.');
    void keep(false);
  };

  const fixed = kept !== undefined && !kept.declined;
  return (
    <form ref={root} class="b-card b-predict not-content" onSubmit={commit}>
      <p class="b-predict-question" id={`${id}-question`}>
        {unbroken(question)}
      </p>
      {hint !== undefined && <p class="b-predict-hint">{hint}</p>}
      {choices === undefined ? (
        <Scale
          {...props}
          ruler={ruler}
          mark={markOf(kept, ruler, props) ?? mark}
          fixed={kept !== undefined}
          onMark={setMark}
        />
      ) : (
        <Choices
          id={id}
          choices={choices}
          chosen={fixed ? choices.findIndex(({ label }) => label === kept.value) : choice}
          answer={kept === undefined ? undefined : answer}
          onChoose={setChoice}
        />
      )}
      {kept === undefined ? (
        <>
          <label class="b-predict-why">
            <span>Why? One line.</span>
            <input
              class="b-field"
              value={why}
              maxLength={200}
              autocomplete="off"
              onInput={(event) => setWhy(event.currentTarget.value)}
            />
          </label>
          <div class="b-predict-buttons">
            <button type="submit" class="b-button b-button--main">
              {chosen ? `Commit ${words || 'this answer'}` : choices ? 'Choose an answer' : 'Place a marker'}
            </button>
            <button type="button" class="b-link-button" onClick={() => void keep(true)}>
              Go on without predicting
            </button>
          </div>
        </>
      ) : (
        <Outcome kept={kept} unit={unit} answer={answer} choices={choices} />
      )}
      {problem !== '' && (
        <p class="b-predict-problem" role="alert">
          {problem}
        </p>
      )}
      <p class="b-predict-still">The engine measured {UNITS[unit].words(answer)}.</p>
    </form>
  );
}

/** A kept prediction finds its mark again. */
function markOf(kept: Prediction | undefined, ruler: Ruler, { unit, scale }: Props): number | undefined {
  if (typeof kept?.value !== 'number') return undefined;
  return nearestMark(ruler, partOf(ruler, shownValue(unit, kept.value), scale), scale);
}

function Outcome({ kept, unit, answer, choices }: { kept: Prediction } & Pick<Props, 'unit' | 'answer' | 'choices'>) {
  const measured = <b>{UNITS[unit].words(answer)}</b>;
  if (kept.declined) {
    return <p class="b-predict-outcome">You went on without predicting. The engine measured {measured}.</p>;
  }
  const at = new Date(kept.atIso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <div class="b-predict-outcome" role="status">
      <p>
        The engine measured {measured}
        {choices === undefined &&
          typeof kept.value === 'number' &&
          `: ${comparedWords(answer, shownValue(unit, kept.value))}`}
        .
      </p>
      <p class="b-predict-hint">
        Committed {at}, because: {kept.why}
      </p>
    </div>
  );
}

interface ScaleProps extends Props {
  readonly ruler: Ruler;
  readonly mark: number | undefined;
  readonly fixed: boolean;
  readonly onMark: (mark: number) => void;
}

/** The control underneath is a native range over the ruler's length; it snaps to the marks. */
const FINE = 1000;

function Scale({ id, unit, scale, ruler, mark, fixed, onMark, reference, answer }: ScaleProps) {
  const last = ruler.values.length - 1;
  const part = (index: number): number => partOf(ruler, ruler.values[index]!, scale);
  const place = mark === undefined ? 0.5 : part(mark);

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const end = { Home: 0, End: last }[event.key];
    if (by === undefined && end === undefined) return;
    event.preventDefault();
    const from = mark ?? nearestMark(ruler, 0.5, scale);
    onMark(end ?? Math.min(last, Math.max(0, from + by! * (event.shiftKey ? ruler.jump : 1))));
  };

  return (
    <div class={fixed ? 'b-ruler b-ruler--fixed' : 'b-ruler'}>
      {[...ruler.short, ...ruler.long].map((index) => {
        const long = ruler.long.includes(index);
        return (
          <i key={index} class={long ? 'b-tick b-tick--long' : 'b-tick'} style={{ '--at': part(index) }}>
            {long && <span>{tickWords(unit, ruler.values[index]!)}</span>}
          </i>
        );
      })}
      {reference && (
        <i class="b-tick b-tick--known" style={{ '--at': partOf(ruler, reference.value, scale) }}>
          <span>
            {reference.label}: {UNITS[unit].words(reference.value)}
          </span>
        </i>
      )}
      {fixed && (
        <i class="b-tick b-tick--answer" style={{ '--at': partOf(ruler, answer, scale) }}>
          <span>measured</span>
        </i>
      )}
      {mark !== undefined && (
        <i class={place > 0.72 ? 'b-marker b-marker--left' : 'b-marker'} style={{ '--at': place }}>
          <span>{UNITS[unit].words(ruler.values[mark]!)}</span>
        </i>
      )}
      <input
        type="range"
        min={0}
        max={FINE}
        value={place * FINE}
        disabled={fixed}
        aria-labelledby={`${id}-question`}
        aria-valuetext={mark === undefined ? 'No marker yet' : UNITS[unit].words(ruler.values[mark]!)}
        class={mark === undefined ? 'b-ruler-input b-ruler-input--empty' : 'b-ruler-input'}
        onKeyDown={onKeyDown}
        onInput={(event) => onMark(nearestMark(ruler, event.currentTarget.valueAsNumber / FINE, scale))}
        onPointerUp={(event) =>
          mark === undefined && onMark(nearestMark(ruler, event.currentTarget.valueAsNumber / FINE, scale))
        }
      />
    </div>
  );
}

interface ChoicesProps {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly chosen: number | undefined;
  /** Known once committed: the right choice is then told by a word. */
  readonly answer: number | undefined;
  readonly onChoose: (choice: number) => void;
}

function Choices({ id, choices, chosen, answer, onChoose }: ChoicesProps) {
  const right = (choice: Choice): boolean =>
    answer !== undefined && answer >= (choice.from ?? -Infinity) && answer < (choice.to ?? Infinity);
  return (
    <fieldset class="b-predict-choices" disabled={answer !== undefined} aria-labelledby={`${id}-question`}>
      {choices.map((choice, index) => (
        <label key={choice.label}>
          <input type="radio" name={`${id}-choice`} checked={index === chosen} onChange={() => onChoose(index)} />
          <span>{choice.label}</span>
          {right(choice) && <b class="b-predict-right">The engine says this one</b>}
        </label>
      ))}
    </fieldset>
  );
}
