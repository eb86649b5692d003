import { BELIEVED, type Frame } from '../../../engine/index.ts';
import { formatCount, formatRate } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import type { Point } from './line.ts';
import { Fronts, NodeLines, Nodes } from './Nodes.tsx';
import type { Recent } from './recall.ts';
import { Agreement, Server, SignAt } from './parts.tsx';
import {
  type Pick as Choice,
  type Queue,
  barsOf,
  cellsOf,
  decisionLines,
  dotsOf,
  queuesOf,
  workersOf,
} from './scene.ts';
import type { Compare, Lane, Stage } from './stage.ts';
import { type BackendState, type Comparison, backendStates, comparisons, waitingWords } from './states.ts';

export interface TopologyProps {
  readonly cast: Cast;
  readonly stage: Stage;
  readonly frame: Frame;
  readonly recent: Recent;
  readonly compare: Compare;
  /** Draws the line of the last pick in full ink, for stepping. */
  readonly showPick?: boolean;
  /** Unique on the page: names the hatch pattern. */
  readonly id: string;
}

/** The topology of a figure: clients left, balancer, backends right; on phones top to bottom. A picture of one frame. */
export function Topology({ cast, stage, frame, recent, compare, showPick = false, id }: TopologyProps) {
  const states = backendStates(frame);
  const shown = comparisons(states, cast, compare);
  const queues = queuesOf(
    stage.lanes,
    states.map(({ queued }) => queued),
  );
  const workers = workersOf(frame);
  const dots = dotsOf(stage, frame, queues);
  return (
    <svg
      class={`b-topology b-topology--${stage.form}`}
      viewBox={`0 0 ${stage.width} ${stage.height}`}
      style={{ fontSize: `${stage.text}px` }}
      aria-hidden="true"
    >
      <defs>
        <pattern id={`${id}-hatch`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.6" height="5" class="b-hatch" />
        </pattern>
      </defs>
      {stage.heads.map(({ x, text }) => (
        <text key={text} x={x} y={stage.headY} class="b-head">
          {text}
        </text>
      ))}
      {stage.poolLabels.map(({ at, text }) => (
        <text key={text} x={at.x} y={at.y} class="b-head">
          {text}
        </text>
      ))}
      {stage.nodes.length > 0 ? (
        <NodeLines cast={cast} stage={stage} frame={frame} />
      ) : (
        <path class="b-line" d={stage.ways.map(({ toNodes }) => toNodes[0]!.d).join('')} />
      )}
      {stage.lanes.map(({ line }, index) => (
        <path
          key={cast.backends[index]!.id}
          class={lineClass(states[index], showPick && frame.lastPick.backend === index)}
          d={line.d}
        />
      ))}
      <Clients cast={cast} stage={stage} />
      <BalancerBox cast={cast} stage={stage} frame={frame} states={states} picks={recent.picks} />
      <Nodes cast={cast} stage={stage} frame={frame} recent={recent} />
      <path class="b-tallies" d={queues.map(({ d }) => d).join('')} />
      <path class="b-dots b-dots--halo" d={dots.requests} />
      <path class="b-dots" d={dots.requests} />
      <path class="b-dots b-dots--back" d={dots.responses} />
      <Fronts cast={cast} stage={stage} frame={frame} />
      {stage.lanes.map((lane, index) => (
        <LaneEnd
          key={cast.backends[index]!.id}
          name={cast.backends[index]!.id}
          lane={lane}
          form={stage.form}
          compare={compare}
          state={states[index]}
          shown={shown[index]}
          queue={queues[index]!}
          before={recent.before?.queued[index]}
          rateRps={rateOf(states[index], recent, frame.nowUs, index)}
          bars={barsOf(lane.server, workers[index] ?? [])}
          hatch={`url(#${id}-hatch)`}
        />
      ))}
    </svg>
  );
}

function lineClass(state: BackendState | undefined, picked: boolean): string {
  if (state === undefined || state.believed === BELIEVED.removed) return 'b-line b-line--gone';
  if (picked) return 'b-line b-line--picked';
  return state.believed === BELIEVED.healthy ? 'b-line' : 'b-line b-line--closed';
}

/** Requests a second sent to a backend, counted over the last second. */
function rateOf(state: BackendState | undefined, { before }: Recent, nowUs: number, index: number): number | undefined {
  const picked = before?.picked[index];
  if (before === undefined || state === undefined || picked === undefined || nowUs <= before.atUs) return undefined;
  return ((state.picked - picked) * 1_000_000) / (nowUs - before.atUs);
}

function Clients({ cast, stage }: { cast: Cast; stage: Stage }) {
  return (
    <>
      {stage.clients.map(({ label, box }) => (
        <g key={label}>
          <rect class="b-box" x={box.x} y={box.y} width={box.width} height={box.height} rx="3" />
          <text
            class={cast.clients.length === 1 ? 'b-label2' : 'b-mono-label'}
            x={box.x + box.width / 2}
            y={box.y + box.height / 2 + 5}
            text-anchor="middle"
          >
            {label}
          </text>
        </g>
      ))}
      {stage.rate && (
        <text class="b-label2" x={stage.rate.x} y={stage.rate.y}>
          {formatCount(cast.rateRps)} requests/s
        </text>
      )}
    </>
  );
}

interface BalancerProps {
  cast: Cast;
  stage: Stage;
  frame: Frame;
  states: readonly BackendState[];
  picks: readonly Choice[];
}

function BalancerBox({ cast, stage, frame, states, picks }: BalancerProps) {
  const { balancer } = stage;
  if (balancer === undefined) return null;
  const { box, cells } = balancer;
  const { width, height } = cells.size;
  const lineHeight = box.width > 150 ? 20 : 18;
  return (
    <>
      <rect class="b-balancer" x={box.x} y={box.y} width={box.width} height={box.height} rx="3" />
      {balancer.nameLines.map((line, index) => (
        <text key={line} class="b-balancer-name" x={balancer.name.x} y={balancer.name.y + index * lineHeight}>
          {line}
        </text>
      ))}
      {cellsOf(cast, states, frame.lastPick, picks).map(({ text, chosen }, index) => {
        const x = cells.at.x + (index % cells.perRow) * (width + 2);
        const y = cells.at.y + Math.floor(index / cells.perRow) * (height + 2);
        return (
          <g key={index} class={chosen ? 'b-turn b-turn--chosen' : 'b-turn'}>
            <rect x={x} y={y} width={width} height={height} />
            <text x={x + width / 2} y={y + height / 2 + 5} text-anchor="middle">
              {text}
            </text>
          </g>
        );
      })}
      {decisionLines(frame.lastPick, cast, balancer.sentenceLines).map((line, index) => (
        <text key={index} class="b-label2" x={balancer.sentence.x} y={balancer.sentence.y + index * lineHeight}>
          {line}
        </text>
      ))}
    </>
  );
}

interface LaneEndProps {
  name: string;
  lane: Lane;
  form: Stage['form'];
  compare: Compare;
  state: BackendState | undefined;
  shown: Comparison | undefined;
  queue: Queue;
  before: number | undefined;
  rateRps: number | undefined;
  bars: { tracks: string; bars: string };
  hatch: string;
}

/** Everything of a lane but its line and its dots: server, name, words on the queue, belief and truth. */
function LaneEnd({ name, lane, form, compare, state, shown, queue, before, rateRps, bars, hatch }: LaneEndProps) {
  if (state === undefined || shown === undefined) return null;
  return (
    <g>
      {lane.rate && rateRps !== undefined && (
        <text class="b-label2" x={lane.rate.x} y={lane.rate.y}>
          {formatRate(Math.round(rateRps))}
        </text>
      )}
      <Server box={lane.server} state={state} bars={bars} hatch={hatch} />
      <text class="b-name" x={lane.name.x} y={lane.name.y}>
        {name}
      </text>
      <QueueWords lane={lane} form={form} state={state} queue={queue} before={before} name={name} />
      {lane.belief && <SignAt at={lane.belief} sign={shown.belief} />}
      {lane.sign && <Agreement x={lane.sign.x} y={lane.sign.y} agree={shown.agree} />}
      {lane.truth && <SignAt at={lane.truth} sign={shown.truth} strong={!shown.agree} />}
      {lane.status && <Status at={lane.status} shown={shown} compare={compare} room={lane.server.x} />}
    </g>
  );
}

/** Average width of a letter of the figure's text, for keeping labels inside. */
const LETTER = 6.8;

type QueueProps = Pick<LaneEndProps, 'lane' | 'form' | 'state' | 'queue' | 'before' | 'name'>;

/** How many wait, above the tail of the queue, and how many failed. */
function QueueWords({ lane, form, state, queue, before, name }: QueueProps) {
  if (state === undefined) return null;
  const failed = state.failed > 0 ? `${formatCount(state.failed)} failed` : undefined;
  const { server } = lane;
  if (lane.waiting) return <BesideName at={lane.waiting} queued={state.queued} each={queue.each} failed={failed} />;
  const phone = form === 'phone';
  const left = Math.max(queue.tailX, phone ? lane.name.x + name.length * 8.7 + 10 : 0);
  const fitting = (words: string): boolean => left + words.length * LETTER <= lane.queueEnd;
  const full = waitingWords(state.queued, before, queue.each === 10);
  // Where there is no room for how it changes, the count is what matters.
  const words = phone && !fitting(full) ? waitingWords(state.queued, undefined) : full;
  const label = queue.each === 10 ? `${words}, ${phone ? '×10' : 'each mark 10'}` : words;
  const fits = phone || fitting(label);
  return (
    <>
      {state.queued > 0 && (
        <text class="b-waiting" x={fits ? left : lane.queueEnd} y={lane.y - 16} text-anchor={fits ? 'start' : 'end'}>
          {label}
        </text>
      )}
      {failed && (
        <text class="b-failed" x={server.x + server.width} y={server.y + server.height + 14} text-anchor="end">
          {failed}
        </text>
      )}
    </>
  );
}

/** The small form has its words right of the name, one above the other when both are needed. */
function BesideName({
  at,
  queued,
  each,
  failed,
}: {
  at: Point;
  queued: number;
  each: 1 | 10;
  failed: string | undefined;
}) {
  const both = failed !== undefined && queued > 0;
  return (
    <>
      {queued > 0 && (
        <text class="b-waiting" x={at.x} y={at.y - (both ? 7 : 0)}>
          {waitingWords(queued, undefined, true)}
          {each === 10 && ' ×10'}
        </text>
      )}
      {failed && (
        <text class="b-failed" x={at.x} y={at.y + (both ? 8 : 0)}>
          {failed}
        </text>
      )}
    </>
  );
}

/** The three columns as one line, for phones; `room`: units to the server. */
function Status({ at, shown, compare, room }: { at: Point; shown: Comparison; compare: Compare; room: number }) {
  const { belief, truth, agree } = shown;
  if (compare !== 'health') {
    const words =
      compare === 'capacity' ? `${belief.word}, can do ${truth.word}` : `${truth.word}, fair is ${belief.word}`;
    return (
      <text class={agree ? 'b-word' : 'b-word b-word--strong'} x={at.x} y={at.y + 5}>
        {agree ? words : `${words} ≠`}
      </text>
    );
  }
  if (agree) return <SignAt at={at} sign={{ ...belief, word: `${belief.word}, as believed` }} />;
  const believed = `${room < 240 ? '' : 'believed '}${belief.word}`;
  const after = at.x + 24 + believed.length * 6.2;
  return (
    <>
      <SignAt at={at} sign={{ ...belief, word: believed }} />
      <Agreement x={after + 17} y={at.y} agree={false} />
      <SignAt at={{ x: after + 36, y: at.y }} sign={truth} strong />
    </>
  );
}
