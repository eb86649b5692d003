import { formatUs } from '../../chart/format.ts';
import { axisTicks, decisionAt, stripSpan, type Decision, type FaultSpan } from './model.ts';

/** Decisions that the strip shows at once: closer together, ticks are a grey band and not a choice. */
const most = { wide: 48, phone: 30 };
const margin = 20;
const faultHeight = 28;

/**
 * The run on a line: a tick for each decision, a cross for each costly one, faults as bars above, the playhead as a ring.
 * It is a slider whose steps are decisions.
 */
export function Strip({
  decisions,
  index,
  nowUs,
  faults,
  durationUs,
  width,
  says,
  parts,
  show,
}: {
  decisions: readonly Decision[];
  index: number;
  nowUs: number;
  faults: readonly FaultSpan[];
  durationUs: number;
  width: number;
  /** The decision shown, in words. */
  says: string;
  /** When this run first differs from the one beside it. */
  parts?: number | undefined;
  show: (index: number) => void;
}) {
  const shown = stripSpan(decisions, index, width < 420 ? most.phone : most.wide, durationUs);
  const x = (us: number) => margin + ((us - shown.fromUs) / (shown.toUs - shown.fromUs)) * (width - 2 * margin);
  const inside = ({ atUs }: { atUs: number }) => atUs >= shown.fromUs && atUs <= shown.toUs;
  const bars = faults.filter(({ fromUs, toUs }) => fromUs < shown.toUs && toUs > shown.fromUs).slice(0, 4);
  const marked = parts !== undefined && inside({ atUs: parts });
  const top = bars.length * faultHeight;
  const axisY = top + (marked ? 38 : 16);
  const step = (event: KeyboardEvent) => {
    const to = {
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      PageUp: index + 10,
      PageDown: index - 10,
      Home: 0,
      End: decisions.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(Math.min(Math.max(to, 0), decisions.length - 1));
  };
  const point = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - left - margin) / (width - 2 * margin);
    show(nearest(decisions, shown.fromUs + part * (shown.toUs - shown.fromUs)));
  };
  return (
    <svg
      class="b-strip"
      width={width}
      height={axisY + 34}
      viewBox={`0 0 ${width} ${axisY + 34}`}
      role="slider"
      tabindex={0}
      aria-label="Decisions of the run"
      aria-valuemin={1}
      aria-valuemax={decisions.length}
      aria-valuenow={index + 1}
      aria-valuetext={says}
      onKeyDown={step}
      onPointerDown={point}
    >
      {bars.map((fault, row) => (
        <Fault
          key={fault.words}
          fault={fault}
          from={Math.max(x(fault.fromUs), margin)}
          to={Math.min(x(fault.toUs), width - margin)}
          y={row * faultHeight}
          width={width}
        />
      ))}
      {marked && (
        <>
          <path class="b-strip-parts" d={`M${x(parts)} ${top + 18}V${axisY + 8}`} />
          <text class="b-strip-parts-word" x={x(parts)} y={top + 12} text-anchor={sideOf(x(parts), width)}>
            first difference
          </text>
        </>
      )}
      <path class="b-strip-axis" d={`M${margin} ${axisY}H${width - margin}`} />
      <path
        class="b-strip-ticks"
        d={decisions
          .filter((one) => inside(one) && !one.costly)
          .map(({ atUs }) => `M${x(atUs).toFixed(1)} ${axisY - 5}v10`)
          .join('')}
      />
      <path
        class="b-strip-costly"
        d={decisions
          .filter((one) => inside(one) && one.costly)
          .map(({ atUs }) => `M${(x(atUs) - 4).toFixed(1)} ${axisY - 4}l8 8m0 -8l-8 8`)
          .join('')}
      />
      {axisTicks(shown, width < 420 ? 4 : 5).map((at) => (
        <text key={at} class="b-strip-time" x={x(at)} y={axisY + 27} text-anchor={anchor(x(at), width)}>
          {at === 0 ? '0' : formatUs(at)}
        </text>
      ))}
      <path class="b-strip-needle" d={`M${clamp(x(nowUs), width)} ${axisY - 22}v36`} />
      <circle class="b-strip-head" cx={clamp(x(nowUs), width)} cy={axisY} r="9" />
    </svg>
  );
}

function Fault({
  fault,
  from,
  to,
  y,
  width,
}: {
  fault: FaultSpan;
  from: number;
  to: number;
  y: number;
  width: number;
}) {
  const wordsWidth = fault.words.length * 7.7;
  return (
    <g class={`b-fault b-fault-${fault.kind}`}>
      <text x={Math.max(4, Math.min(from, width - wordsWidth))} y={y + 11}>
        {fault.words}
      </text>
      <rect
        x={from}
        y={y + 16}
        width={Math.max(3, to - from)}
        height="8"
        fill={fault.kind === 'slow' ? 'url(#yours-hatch)' : undefined}
      />
    </g>
  );
}

function nearest(decisions: readonly Decision[], atUs: number): number {
  const before = Math.max(0, decisionAt(decisions, atUs));
  const after = Math.min(before + 1, decisions.length - 1);
  const distance = (index: number) => Math.abs(decisions[index]!.atUs - atUs);
  return distance(after) < distance(before) ? after : before;
}

function clamp(x: number, width: number): number {
  return Math.min(Math.max(x, margin), width - margin);
}

/** Where a word of a hundred pixels stands about a mark and does not leave the picture. */
function sideOf(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x < 60) return 'start';
  return x > width - 60 ? 'end' : 'middle';
}

function anchor(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x < 30) return 'start';
  return x > width - 30 ? 'end' : 'middle';
}
