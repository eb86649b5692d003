import { EVENT, EVENT_KIND, FAILURE, type Action, type ScenarioVerdict } from '../../../../engine/index.ts';
import { formatUs } from '../../chart/format.ts';

/** What the replay view draws and steps through, worked out of a run's events. Pure: no DOM, no worker. */

/** On a tape: the picker answered `undefined`. */
const declined = 0xffff;

/** One call of the learner's policy: a pick, or the judgement of a probe. */
export interface Decision {
  readonly atUs: number;
  readonly kind: 'pick' | 'probe';
  /** 0 for a probe. */
  readonly request: number;
  /** Index of the backend picked or probed; -1: the picker declined. */
  readonly backend: number;
  /** Of a probe: whether it passed. */
  readonly passed: boolean;
  /** Of a probe: BELIEVED code of the backend from then on, where the judgement changed it. */
  readonly judged: number | undefined;
  /** Line of the learner's file that decided, 0 where unknown. */
  readonly line: number;
  /** It breaks the check that failed. */
  readonly costly: boolean;
  /** Where the events after it begin. */
  readonly end: number;
}

/** The learner's decisions in order. `events` holds `EVENT` columns, of the whole run. */
export function decisionsOf(
  events: Float64Array,
  kind: Decision['kind'],
  verdict: Pick<ScenarioVerdict, 'failure' | 'tape' | 'lines'>,
): Decision[] {
  const costlyUs = new Set(verdict.failure?.costlyUs ?? []);
  const whenUs = verdict.failure?.when?.atUs;
  if (whenUs !== undefined) costlyUs.add(whenUs);
  const decisions: Decision[] = [];
  for (let at = 0; at < events.length; at += EVENT.stride) {
    if (!isDecision(events, at, kind, verdict.tape?.picks?.[decisions.length])) continue;
    const atUs = events[at + EVENT.atUs]!;
    const judged = judgedBy(events, at);
    decisions.push({
      atUs,
      kind,
      request: events[at + EVENT.request]!,
      backend: events[at + EVENT.backend]!,
      passed: events[at + EVENT.value] === 1,
      judged,
      line: verdict.lines?.[decisions.length] ?? 0,
      costly: costlyUs.has(atUs),
      end: at + (judged === undefined ? 1 : 2) * EVENT.stride,
    });
  }
  return decisions;
}

/** A request without a backend was declined by the policy if that is what is next on the tape; else nobody was asked. */
function isDecision(events: Float64Array, at: number, kind: Decision['kind'], next: number | undefined): boolean {
  const event = events[at + EVENT.kind];
  if (kind === 'probe') return event === EVENT_KIND.probed;
  if (event === EVENT_KIND.picked) return true;
  return event === EVENT_KIND.failed && events[at + EVENT.value] === FAILURE.noBackend && next === declined;
}

/** A change of belief follows the probe that caused it at once. */
function judgedBy(events: Float64Array, at: number): number | undefined {
  const next = at + EVENT.stride;
  const follows =
    events[next + EVENT.kind] === EVENT_KIND.health &&
    events[next + EVENT.atUs] === events[at + EVENT.atUs] &&
    events[next + EVENT.backend] === events[at + EVENT.backend];
  return follows ? events[next + EVENT.value] : undefined;
}

/** The last decision at or before a moment; -1 before the first. */
export function decisionAt(decisions: readonly Decision[], atUs: number): number {
  let low = 0;
  let high = decisions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (decisions[middle]!.atUs <= atUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The events of the run up to a moment, at most `most`: after a decision just taken, or all until `nowUs`. */
export function eventsUntil(
  events: Float64Array,
  nowUs: number,
  decision: Decision | undefined,
  most: number,
): Float64Array {
  let end = decision?.end ?? 0;
  if (!decision) while (end < events.length && events[end + EVENT.atUs]! <= nowUs) end += EVENT.stride;
  return events.subarray(Math.max(0, end - most * EVENT.stride), end);
}

/** The decision to open at: where the check failed, or else the first. */
export function openingDecision(decisions: readonly Decision[], verdict: ScenarioVerdict): number {
  const when = verdict.failure?.when;
  if (!when) return Math.min(0, decisions.length - 1);
  const exact = decisions.findIndex(
    ({ atUs, request }) => atUs === when.atUs && (request === 0 || request === when.request),
  );
  return exact === -1 ? Math.max(0, decisionAt(decisions, when.atUs)) : exact;
}

/** The next costly decision after `index`, from the start again when there is none; undefined when nothing is costly. */
export function nextCostly(decisions: readonly Decision[], index: number): number | undefined {
  const after = decisions.findIndex(({ costly }, at) => costly && at > index);
  const found = after === -1 ? decisions.findIndex(({ costly }) => costly) : after;
  return found === -1 || found === index ? undefined : found;
}

/** The results of the last probes of one backend up to a decision, the newest last. */
export function probeHistory(decisions: readonly Decision[], index: number, backend: number, most: number): boolean[] {
  const history: boolean[] = [];
  for (let at = index; at >= 0 && history.length < most; at -= 1) {
    const decision = decisions[at]!;
    if (decision.kind === 'probe' && decision.backend === backend) history.unshift(decision.passed);
  }
  return history;
}

/** Two speeds, simulated seconds per second: at the slower one about one decision goes by in a second. */
export function speedsFor(decisions: number, durationUs: number): readonly [number, number] {
  const perSecond = (decisions * 1_000_000) / durationUs;
  let slow = 1;
  while (perSecond * slow > 4) slow /= 10;
  while (perSecond * slow < 0.4) slow *= 10;
  return [Number(slow.toPrecision(1)), Number((slow * 10).toPrecision(1))];
}

/** Something done to a backend, from one moment to another. */
export interface FaultSpan {
  readonly backend: string;
  readonly kind: 'crash' | 'hang' | 'slow' | 'drain' | 'away';
  readonly fromUs: number;
  readonly toUs: number;
  /** "s2 slow 5.5× from 100 ms" */
  readonly words: string;
}

const opens = {
  crash: 'crash',
  hang: 'hang',
  slow: 'slow',
  drain: 'drain',
  disable: 'away',
  'remove-backend': 'away',
} as const;
const ends: Record<string, readonly FaultSpan['kind'][]> = {
  recover: ['crash', 'hang', 'slow'],
  undrain: ['drain'],
  enable: ['away'],
  'add-backend': ['away'],
};

/** The faults of a timeline as bars on a time axis. */
export function faultSpans(timeline: readonly Action[], durationUs: number): FaultSpan[] {
  const spans: FaultSpan[] = [];
  const ordered = [...timeline].sort((one, other) => one.atUs - other.atUs);
  for (const action of ordered) {
    const kind = opens[action.do as keyof typeof opens] as FaultSpan['kind'] | undefined;
    if (kind === undefined || !('backend' in action) || typeof action.backend !== 'string') continue;
    const end = ordered.find(
      (later) => later.atUs > action.atUs && ends[later.do]?.includes(kind) && backendOf(later) === action.backend,
    );
    spans.push({
      backend: action.backend,
      kind,
      fromUs: action.atUs,
      toUs: end?.atUs ?? durationUs,
      words: `${action.backend} ${faultWord(action)} from ${formatUs(action.atUs)}`,
    });
  }
  return spans;
}

function backendOf(action: Action): string | undefined {
  if (!('backend' in action)) return undefined;
  return typeof action.backend === 'string' ? action.backend : action.backend.id;
}

function faultWord(action: Action): string {
  switch (action.do) {
    case 'crash':
      return 'down';
    case 'hang':
      return 'hung';
    case 'slow':
      return `${action.factor}× slow`;
    case 'drain':
      return 'draining';
    default:
      return 'gone';
  }
}

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * The part of the run that the strip shows: all of it, or as much as holds `most` decisions with room on both sides of `index`.
 * It moves by half its length, so that stepping moves the playhead and seldom the ground under it.
 */
export function stripSpan(decisions: readonly Decision[], index: number, most: number, durationUs: number): Span {
  if (decisions.length <= most) return { fromUs: 0, toUs: durationUs };
  const half = Math.floor(most / 2);
  const first = Math.max(0, Math.min(Math.floor(Math.max(0, index - half / 2) / half) * half, decisions.length - most));
  const last = first + most - 1;
  return {
    fromUs: first === 0 ? 0 : decisions[first]!.atUs,
    toUs: last >= decisions.length - 1 ? durationUs : decisions[last]!.atUs,
  };
}

/** Round moments inside a span, at most `most` of them: steps of 1, 2 or 5 times a power of ten. */
export function axisTicks({ fromUs, toUs }: Span, most: number): number[] {
  const rough = (toUs - fromUs) / most;
  let step = 1;
  while (step * 10 < rough) step *= 10;
  const stepUs = step * ([1, 2, 5, 10].find((factor) => step * factor >= rough) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromUs / stepUs) * stepUs; at <= toUs; at += stepUs) ticks.push(at);
  return ticks;
}

/** A moment on the clock of the replay, to the microsecond: "233.333 ms", "11.200000 s". */
export function clockText(us: number): string {
  return us < 1_000_000 ? `${(us / 1_000).toFixed(3)}\u00a0ms` : `${(us / 1_000_000).toFixed(6)}\u00a0s`;
}
