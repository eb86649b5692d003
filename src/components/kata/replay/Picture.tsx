import type { ComponentChildren } from 'preact';
import { BELIEVED, TRUTH, type Frame } from '../../../../engine/index.ts';
import type { Cast } from '../../lesson/cast.ts';
import { MarkShape } from '../../lesson/Mark.tsx';
import { Agreement, Server, SignAt } from '../../lesson/parts.tsx';
import { barsOf, workersOf } from '../../lesson/scene.ts';
import {
  backendStates,
  comparisons,
  SIGNS,
  type BackendState,
  type Comparison,
  type Sign,
} from '../../lesson/states.ts';
import type { KataInfo } from '../kata-info.ts';
import type { Decision } from './model.ts';
import { replayStage, type ReplayLane, type ReplayStage } from './stage.ts';

interface PictureProps {
  readonly cast: Cast;
  readonly frame: Frame;
  /** The decision just taken; absent while time runs between decisions. */
  readonly decision: Decision | undefined;
  readonly policy: KataInfo['policy'];
  /** Whose decision it is: the learner's, or that of the policy beside it. */
  readonly whose?: 'yours' | 'other';
  /** Index of the backend that would have been better; -1 for none. */
  readonly better: number;
  /** For a health policy: the last probes of each backend, the newest last. */
  readonly probes: readonly (readonly boolean[])[];
  readonly width: number;
}

/** One decision: what was chosen, what would have been better, what the policy could see beside what was true. */
export function Picture({ cast, frame, decision, policy, whose = 'yours', better, probes, width }: PictureProps) {
  const stage = replayStage(cast, policy, width);
  const states = backendStates(frame);
  const compared = comparisons(states, cast, 'health');
  const workers = workersOf(frame);
  const hatch = `${whose}-hatch`;
  const chosen = decision?.backend ?? (policy === 'picker' ? frame.lastPick.backend : -1);
  return (
    <svg
      class="b-topology b-replay-picture"
      width={width}
      height={stage.height}
      viewBox={`0 0 ${width} ${stage.height}`}
      aria-hidden="true"
    >
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.6" height="5" class="b-hatch" />
        </pattern>
      </defs>
      <Heads stage={stage} policy={policy} whose={whose} />
      {stage.lanes.map(({ line }, index) => (
        <path key={index} class={pathClass(states[index], index === chosen, index === better)} d={line.d} />
      ))}
      {stage.lanes.map((lane, index) => (
        <PathWords
          key={index}
          lane={lane}
          stage={stage}
          policy={policy}
          chosen={index === chosen}
          better={index === better}
          decision={decision}
        />
      ))}
      <PolicyBox
        stage={stage}
        policy={policy}
        whose={whose}
        name={cast.backends[chosen]?.id ?? (decision ? 'none' : '')}
      />
      {stage.lanes.map((lane, index) => {
        const state = states[index];
        const comparison = compared[index];
        if (!state || !comparison) return null;
        const bars = workers[index] ?? new Float32Array();
        return (
          <g key={index}>
            <Server box={lane.server} state={state} bars={barsOf(lane.server, bars)} hatch={`url(#${hatch})`} />
            <text class="b-name" x={lane.name.x} y={lane.name.y}>
              {cast.backends[index]?.id}
            </text>
            {policy === 'picker' ? (
              <Counts stage={stage} lane={lane} state={state} comparison={comparison} busy={busy(bars)} />
            ) : (
              <Judgement stage={stage} lane={lane} comparison={comparison} probes={probes[index] ?? []} />
            )}
          </g>
        );
      })}
    </svg>
  );
}

type Whose = NonNullable<PictureProps['whose']>;

/** Over the column of what a policy saw, or says. */
const sees = {
  picker: { yours: { long: 'You saw', short: 'Saw' }, other: { long: 'It saw', short: 'Saw' } },
  health: { yours: { long: 'You say', short: 'Say' }, other: { long: 'It says', short: 'Says' } },
} as const;

function Heads({ stage, policy, whose }: { stage: ReplayStage; policy: KataInfo['policy']; whose: Whose }) {
  const { form, columns } = stage;
  const wide = form === 'wide';
  const { long, short } = sees[policy === 'picker' ? 'picker' : 'health'][whose];
  const saw = wide ? long : short;
  const truth = policy === 'picker' ? 'True' : wide ? 'It is' : 'Is';
  const head = (x: number, y: number, text: string) => (
    <text class="b-head" x={x} y={y} text-anchor="middle">
      {text}
    </text>
  );
  return (
    <>
      {head(columns.saw, 20, saw)}
      {head(columns.truth, 20, truth)}
      {wide && policy === 'picker' && head(columns.saw, 39, 'in flight')}
      {wide && policy === 'picker' && head(columns.truth, 39, 'at the server')}
    </>
  );
}

function pathClass(state: BackendState | undefined, chosen: boolean, better: boolean): string {
  if (chosen) return 'b-line b-line--picked';
  if (better) return 'b-line b-line--better';
  return state?.believed === BELIEVED.healthy ? 'b-line' : 'b-line b-line--closed';
}

function PathWords({
  lane,
  stage,
  policy,
  chosen,
  better,
  decision,
}: {
  lane: ReplayLane;
  stage: ReplayStage;
  policy: KataInfo['policy'];
  chosen: boolean;
  better: boolean;
  decision: Decision | undefined;
}) {
  const words = chosen
    ? policy === 'picker'
      ? 'chosen'
      : 'probed'
    : better
      ? stage.form === 'wide'
        ? 'was better'
        : 'better'
      : '';
  const passed = policy === 'health' ? decision?.passed : undefined;
  return (
    <>
      <text class="b-path-word" x={lane.wordX} y={lane.y - 12} text-anchor="end">
        {words}
      </text>
      {chosen && policy === 'picker' && <circle class="b-pick-dot" cx={lane.dotX} cy={lane.y} r="5.5" />}
      {chosen && passed !== undefined && (
        <Marked x={lane.dotX} y={lane.y} sign={passed ? SIGNS.passed : SIGNS.missed}>
          <circle class="b-probe-halo" r="10" />
        </Marked>
      )}
    </>
  );
}

function PolicyBox({
  stage,
  policy,
  whose,
  name,
}: {
  stage: ReplayStage;
  policy: KataInfo['policy'];
  whose: Whose;
  name: string;
}) {
  const { x, y, width, height } = stage.policy;
  const what = policy === 'picker' ? 'pick' : 'check';
  return (
    <>
      <rect class="b-balancer" x={x} y={y} width={width} height={height} rx="3" />
      <text class="b-policy-word" x={x + width / 2} y={y + 26} text-anchor="middle">
        {stage.form === 'wide' && policy === 'picker' ? `${whose === 'yours' ? 'your' : 'its'} ${what}` : what}
      </text>
      <text class="b-mono-label" x={x + width / 2} y={y + 48} text-anchor="middle">
        {name}
      </text>
    </>
  );
}

/** What a picker could read of a backend, and what was true. */
function Counts({
  stage,
  lane,
  state,
  comparison,
  busy: working,
}: {
  stage: ReplayStage;
  lane: ReplayLane;
  state: BackendState;
  comparison: Comparison;
  busy: number;
}) {
  const { columns } = stage;
  const offered = state.believed === BELIEVED.healthy;
  const words = stateWords(state, comparison.truth, working);
  return (
    <>
      <text class={offered ? 'b-count' : 'b-count b-count--out'} x={columns.saw} y={lane.y + 6} text-anchor="middle">
        {offered ? state.inFlight : 'out'}
      </text>
      <Agreement x={columns.sign} y={lane.y} agree={comparison.agree} />
      <text
        class={comparison.agree ? 'b-count' : 'b-count b-count--strong'}
        x={columns.truth}
        y={lane.y + 6}
        text-anchor="middle"
      >
        {state.queued + working}
      </text>
      {words && (
        <text class={`b-word b-word--strong b-hue-${words.hue}`} x={lane.server.x} y={lane.y + 36}>
          {words.word}
        </text>
      )}
    </>
  );
}

/** What is to be said of a backend that is not simply well. */
function stateWords(state: BackendState, truth: Sign, working: number): Sign | undefined {
  if (state.believed === BELIEVED.removed) return { ...SIGNS.removed, word: 'left the pool' };
  if (state.truth === TRUTH.slow && working === state.workers)
    return { ...truth, word: `${truth.word}, all workers busy` };
  if (state.truth !== TRUTH.healthy) return truth;
  return state.believed === BELIEVED.draining ? SIGNS.draining : undefined;
}

function busy(left: Float32Array): number {
  return left.reduce((count, part) => count + (part > 0 ? 1 : 0), 0);
}

/** What a health policy says of a backend, and what is true; under it the last probes. */
function Judgement({
  stage,
  lane,
  comparison,
  probes,
}: {
  stage: ReplayStage;
  lane: ReplayLane;
  comparison: Comparison;
  probes: readonly boolean[];
}) {
  const { columns } = stage;
  const { belief, truth, agree } = comparison;
  return (
    <>
      {stage.form === 'wide' ? (
        <>
          <SignAt at={{ x: columns.saw - 41, y: lane.y }} sign={belief} />
          <SignAt at={{ x: columns.truth - 41, y: lane.y }} sign={truth} strong={!agree} />
        </>
      ) : (
        <>
          <Marked x={columns.saw} y={lane.y} sign={belief} />
          <Marked x={columns.truth} y={lane.y} sign={truth} />
        </>
      )}
      <Agreement x={columns.sign} y={lane.y} agree={agree} />
      {probes.map((passed, index) => (
        <Marked
          key={index}
          x={lane.server.x + 6 + index * 15}
          y={lane.y + 32}
          sign={passed ? SIGNS.passed : SIGNS.missed}
          scale={0.75}
        />
      ))}
    </>
  );
}

function Marked({
  x,
  y,
  sign,
  scale = 1,
  children,
}: {
  x: number;
  y: number;
  sign: Sign;
  scale?: number;
  children?: ComponentChildren;
}) {
  return (
    <g class={`b-hue-${sign.hue}`} transform={`translate(${x} ${y}) scale(${scale})`}>
      {children}
      <MarkShape shape={sign.shape} />
    </g>
  );
}
