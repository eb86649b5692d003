import type { Cast } from './cast.ts';
import type { Player } from './player.ts';
import { Segments } from './Segments.tsx';
import { type Knob, type RangeKnob, fill, isChoice, valueWords } from './knob.ts';

interface Props {
  readonly id: string;
  readonly knob: Knob;
  readonly value: number;
  readonly player: Player;
  readonly cast: Cast;
  readonly onTurn: (value: number) => void;
}

/** The one knob of a figure: label, control, and the value with what follows from it. */
export function KnobRow({ id, knob, value, player, cast, onTurn }: Props) {
  if (isChoice(knob)) {
    if (knob.as === 'button') return null;
    return (
      <div class="b-knob">
        <Segments
          legend={knob.label}
          showLegend
          name={`${id}-knob`}
          options={knob.choices.map(({ label }, index) => ({ value: index, label }))}
          value={value}
          onChoose={onTurn}
        />
        <Consequence knob={knob} value={value} player={player} cast={cast} />
      </div>
    );
  }
  return (
    <div class="b-knob">
      <label class="b-knob-label" for={`${id}-knob`}>
        {knob.label}
      </label>
      <RangeTrack id={`${id}-knob`} knob={knob} value={value} onTurn={onTurn} />
      <Consequence knob={knob} value={value} player={player} cast={cast} />
    </div>
  );
}

const MOST_TICKS = 13;

function RangeTrack({
  id,
  knob,
  value,
  onTurn,
}: {
  id: string;
  knob: RangeKnob;
  value: number;
  onTurn: (value: number) => void;
}) {
  const { min, max, step } = knob;
  const steps = Math.round((max - min) / step);
  return (
    <div class="b-range" style={{ '--part': (value - min) / (max - min) }}>
      {steps < MOST_TICKS &&
        Array.from({ length: steps + 1 }, (_, tick) => <i key={tick} style={{ '--at': tick / steps }} />)}
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={valueWords(knob, value)}
        onInput={(event) => onTurn(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}

function Consequence({ knob, value, player, cast }: Omit<Props, 'id' | 'onTurn'>) {
  const template = (isChoice(knob) ? knob.choices[value]?.consequence : undefined) ?? knob.consequence;
  if (template === undefined && isChoice(knob)) return null;
  return <output class="b-consequence">{fill(template ?? '{value}', knob, value, cast, player.frame.value)}</output>;
}
