import type { Action, Frame } from '../../../engine/index.ts';
import { formatClock, formatCount, formatUs } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { actionPast } from './narrate.ts';
import { frontWords, nodeWords } from './nodes.ts';
import { decisionLines } from './scene.ts';
import { backendStates, comparisons, waitingWords } from './states.ts';

/** How long an event stays worth naming beside the clock. */
const LATELY_US = 10_000_000;

/** What happens to backends and balancers, and not by the hand of a reader at the knob. */
const FAULTS: readonly Action['do'][] = [
  'crash',
  'hang',
  'slow',
  'recover',
  'drain',
  'disable',
  'add-backend',
  'remove-backend',
  'kill-balancer',
  'stop-balancer',
  'drain-balancer',
  'start-balancer',
  'crash-balancer',
  'crash-election',
  'cut-link',
  'mend-link',
];

/** "1.2 s after s4 slowed": the last thing that happened to the world, if it was lately. */
export function lately(timeline: readonly Action[], nowUs: number): string | undefined {
  const last = timeline.findLast((action) => action.atUs <= nowUs && FAULTS.includes(action.do));
  if (last === undefined || nowUs - last.atUs > LATELY_US) return undefined;
  return `${((nowUs - last.atUs) / 1_000_000).toFixed(1)}\u00a0s after ${actionPast(last)}`;
}

/** The whole figure in a few sentences, for those who do not see it. */
export function summarise(frame: Frame, cast: Cast, timeline: readonly Action[]): string {
  const states = backendStates(frame);
  const health = comparisons(states, cast, 'health');
  const notes = states.flatMap((state, index) => {
    const { belief, truth, agree } = health[index]!;
    const words = [
      ...(agree ? (belief.word === 'healthy' ? [] : [belief.word]) : [`believed ${belief.word}, is ${truth.word}`]),
      ...(state.queued > 0 ? [waitingWords(state.queued, undefined)] : []),
      ...(state.failed > 0 ? [`${formatCount(state.failed)} failed`] : []),
    ];
    return words.length === 0 ? [] : [`${cast.backends[index]!.id}: ${words.join(', ')}.`];
  });
  const [p50, , p99, n] = frame.window;
  const last = lately(timeline, frame.nowUs);
  return [
    `${formatClock(frame.nowUs)} seconds${last === undefined ? '' : `, ${last}`}.`,
    frame.lastPick.request > 0 ? `${capital(decisionLines(frame.lastPick, cast, 2).join(' '))}.` : 'No requests yet.',
    ...frontWords(frame, cast),
    ...nodeWords(frame, cast),
    ...(notes.length === 0 ? ['Nobody waits.'] : notes),
    ...(n! > 0 ? [`Last second: p50 ${formatUs(p50!)}, p99 ${formatUs(p99!)}, n ${formatCount(n!)}.`] : []),
  ].join(' ');
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
