import { useEffect, useRef, useState } from 'preact/hooks';
import { markDone } from './beats.ts';
import { Icon } from './icons.tsx';
import { type Bar, type WorkedStep, signed } from './worked-types.ts';
import './figure.css';
import './stepper.css';

interface Props {
  readonly id: string;
  readonly number?: string | undefined;
  readonly title: string;
  readonly code: readonly string[];
  readonly steps: readonly (WorkedStep & { readonly line: number })[];
  readonly start: number;
  readonly resultsLabel: string;
}

export function StepperView({ id, number, title, code, steps, start, resultsLabel }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(start - 1);
  const step = steps[at]!;

  const go = (to: number): void => {
    if (to < 0 || to >= steps.length) return;
    setAt(to);
    if (to === steps.length - 1) markDone(root.current, ['worked-example']);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    go(to);
  };

  return (
    <div
      ref={root}
      class="b-plate b-figure-plate b-stepper"
      role="group"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-keys`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="b-figure-head">
        <p class="b-figure-title" id={`${id}-title`}>
          {number !== undefined && <b>Figure {number}</b>} {title}
        </p>
        <p class="b-clock">
          Step {at + 1} of {steps.length}
        </p>
      </div>
      <p id={`${id}-keys`} class="b-visually-hidden">
        Worked example. Arrow right and left go through the steps.
      </p>
      <div class="b-stepper-body">
        <div>
          <Code lines={code} current={step.line} />
          <p class="b-stepper-note" aria-live="polite">
            {step.note}
          </p>
        </div>
        <Bars bars={step.bars} all={steps} />
      </div>
      <div class="b-controls">
        <div class="b-transport">
          <StepButton
            icon="back"
            label="Step back"
            solid={at === steps.length - 1}
            disabled={at === 0}
            onPress={() => go(at - 1)}
          />
          <StepButton
            icon="step"
            label="Step"
            solid={at < steps.length - 1}
            disabled={at === steps.length - 1}
            onPress={() => go(at + 1)}
          />
        </div>
        <span class="b-controls-gap" />
        <p class="b-results">
          <span class="b-results-label">{resultsLabel}</span>
          {steps.map(({ result }, index) => (
            <span
              key={index}
              class={index === at ? 'b-result b-result--now' : index < at ? 'b-result b-result--done' : 'b-result'}
            >
              {index <= at ? result : '·'}
            </span>
          ))}
        </p>
      </div>
      <ol class="b-stepper-all">
        {steps.map(({ note }, index) => (
          <li key={index}>{note}</li>
        ))}
      </ol>
    </div>
  );
}

interface ButtonProps {
  icon: 'step' | 'back';
  label: string;
  solid: boolean;
  disabled: boolean;
  onPress: () => void;
}

function StepButton({ icon, label, solid, disabled, onPress }: ButtonProps) {
  return (
    <button
      type="button"
      class={solid ? 'b-figure-button b-figure-button--solid' : 'b-figure-button'}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

const KEYWORDS = /\b(const|let|for|of|in|if|else|return|function|while|new|undefined|true|false)\b/;

/** Code has no hue: keywords bold, comments in italics, a bar and a tint on the line at work. */
function Code({ lines, current }: { lines: readonly string[]; current: number }) {
  return (
    <pre class="b-code" tabIndex={-1}>
      {lines.map((line, index) => (
        <code
          key={index}
          class={index + 1 === current ? 'b-code-now' : undefined}
          aria-current={index + 1 === current ? 'step' : undefined}
        >
          <i>{index + 1}</i>
          <span>{codeWords(line)}</span>
        </code>
      ))}
    </pre>
  );
}

function codeWords(line: string) {
  const [code = '', comment] = line.split(/(\/\/.*)/);
  return [
    ...code.split(KEYWORDS).map((word, index) => (index % 2 === 1 ? <b key={index}>{word}</b> : word)),
    ...(comment === undefined ? [] : [<em key="comment">{comment}</em>]),
  ];
}

const ROW = 38;
/** At true size beside the code; under it, on a narrow screen, it takes the room there is. */
const WIDTH = 330;
const NAME = 66;
const RIGHT = 84;

/** One bar for each value, from a common zero; the dashed outline is where the chosen one goes. */
function Bars({ bars, all }: { bars: readonly Bar[]; all: readonly WorkedStep[] }) {
  const box = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(WIDTH);
  useEffect(() => {
    if (box.current === null) return;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.min(WIDTH, Math.floor(entry!.contentRect.width))));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  if (bars.length === 0) return null;
  const values = all.flatMap((step) => step.bars.flatMap(({ value, after, limit }) => [value, after ?? 0, limit ?? 0]));
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const longest = Math.max(...bars.map(({ name }) => name.length));
  const left = Math.max(NAME, 16 + longest * 8.7);
  const x = (value: number): number => left + ((value - low) / (high - low)) * (width - left - RIGHT);
  const height = bars.length * ROW + 38;
  const marks = low < 0 ? [low, 0, high] : [0, high];
  return (
    <svg ref={box} class="b-bars-figure" height={height} role="img" aria-label={barsWords(bars)}>
      <path class="b-bars-axis" d={`M${x(0)} 4V${height - 28}`} />
      {bars.map((bar, index) => {
        const y = index * ROW + 10;
        return (
          <g key={bar.name}>
            <text class={bar.chosen ? 'b-bars-name b-bars-name--chosen' : 'b-bars-name'} x="8" y={y + 18}>
              {bar.name}
            </text>
            {bar.after !== undefined && (
              <rect
                class="b-bars-after"
                x={x(Math.min(0, bar.after))}
                y={y}
                width={Math.abs(x(bar.after) - x(0))}
                height="24"
              />
            )}
            <rect
              class={bar.chosen ? 'b-bars-bar b-bars-bar--chosen' : 'b-bars-bar'}
              x={x(Math.min(0, bar.value))}
              y={y}
              width={Math.abs(x(bar.value) - x(0))}
              height="24"
            />
            {bar.limit !== undefined && <path class="b-bars-limit" d={`M${x(bar.limit)} ${y - 5}v34`} />}
            <text class="b-bars-value" x={x(Math.max(0, bar.value, bar.limit ?? 0)) + 8} y={y + 18}>
              {bar.words ?? signed(bar.value)}
              {bar.after !== undefined && ` − ${bar.value - bar.after} = ${signed(bar.after)}`}
              {bar.limit !== undefined && ` of ${bar.limit}`}
            </text>
          </g>
        );
      })}
      {marks.map((mark) => (
        <text key={mark} class="b-bars-mark" x={x(mark)} y={height - 6} text-anchor="middle">
          {mark > 0 && low < 0 ? `+${mark}` : signed(mark)}
        </text>
      ))}
    </svg>
  );
}

function barsWords(bars: readonly Bar[]): string {
  return bars
    .map(({ name, value, after, limit, words }) =>
      [
        `${name}: ${words ?? value}`,
        limit === undefined ? '' : ` of ${limit}`,
        after === undefined ? '' : `, then ${after}`,
      ].join(''),
    )
    .join('; ');
}
