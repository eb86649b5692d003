import { BACKEND, BELIEVED, type Frame, TRUTH } from '../../../engine/index.ts';
import { formatRate, formatShare, trim } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import type { Compare } from './stage.ts';

/** A state as it is shown: its hue, its shape and its word. Hue never stands alone. */
export interface Sign {
  readonly hue: 'well' | 'wait' | 'broken' | 'moving' | 'aside' | 'ink';
  readonly shape: Shape;
  readonly word: string;
}

export type Shape = 'disc' | 'hatch' | 'cross' | 'triangle' | 'slash' | 'square' | 'tally' | 'dot' | 'tick' | 'none';

export const SIGNS = {
  healthy: { hue: 'well', shape: 'disc', word: 'healthy' },
  slow: { hue: 'wait', shape: 'hatch', word: 'slow' },
  hung: { hue: 'broken', shape: 'cross', word: 'hung' },
  crashed: { hue: 'broken', shape: 'cross', word: 'crashed' },
  unhealthy: { hue: 'broken', shape: 'cross', word: 'unhealthy' },
  draining: { hue: 'moving', shape: 'triangle', word: 'draining' },
  removed: { hue: 'ink', shape: 'none', word: 'removed' },
  served: { hue: 'well', shape: 'square', word: 'served' },
  queued: { hue: 'wait', shape: 'tally', word: 'queued' },
  failed: { hue: 'broken', shape: 'cross', word: 'failed' },
  inFlight: { hue: 'moving', shape: 'dot', word: 'in flight' },
  passed: { hue: 'well', shape: 'tick', word: 'passed' },
  missed: { hue: 'broken', shape: 'cross', word: 'not passed' },
  changed: { hue: 'ink', shape: 'none', word: 'changed' },
} as const satisfies Record<string, Sign>;

export const BELIEF_SIGNS: Readonly<Record<number, Sign>> = {
  [BELIEVED.healthy]: SIGNS.healthy,
  [BELIEVED.unhealthy]: SIGNS.unhealthy,
  [BELIEVED.draining]: SIGNS.draining,
  [BELIEVED.removed]: SIGNS.removed,
};

/** One backend of a frame, by name instead of by column. */
export interface BackendState {
  readonly weight: number;
  readonly believed: number;
  readonly truth: number;
  readonly slowFactor: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  readonly workers: number;
  /** Requests sent here so far. */
  readonly picked: number;
}

export function backendStates(frame: Frame): BackendState[] {
  const states: BackendState[] = [];
  for (let at = 0; at < frame.backends.length; at += BACKEND.stride) {
    const column = (name: Exclude<keyof typeof BACKEND, 'stride'>): number => frame.backends[at + BACKEND[name]]!;
    const [served, failed, inFlight] = [column('served'), column('failed'), column('inFlight')];
    states.push({
      weight: column('weight'),
      believed: column('believed'),
      truth: column('truth'),
      slowFactor: column('slowFactor'),
      inFlight,
      queued: column('queued'),
      served,
      failed,
      workers: column('workers'),
      picked: served + failed + inFlight,
    });
  }
  return states;
}

/** What the balancer believes, what is true, and whether the two agree. */
export interface Comparison {
  readonly belief: Sign;
  readonly truth: Sign;
  readonly agree: boolean;
}

export function comparisons(states: readonly BackendState[], cast: Cast, compare: Compare): Comparison[] {
  if (compare === 'health') return states.map(compareHealth);
  return states.map((state, index) => {
    if (state.believed === BELIEVED.removed) return { belief: SIGNS.removed, truth: SIGNS.removed, agree: true };
    const pool = cast.backends[index]!.pool;
    const peers = states.map((_, peer) => peer).filter((peer) => cast.backends[peer]!.pool === pool);
    const part = (of: (peer: number) => number): number => of(index) / peers.reduce((sum, peer) => sum + of(peer), 0);
    const byWeight = part((peer) => states[peer]!.weight);
    if (compare === 'share') {
      const got = part((peer) => states[peer]!.picked);
      return {
        belief: plain(formatShare(byWeight)),
        truth: plain(formatShare(got)),
        agree: Number.isNaN(got) || close(byWeight, got),
      };
    }
    const can = (peer: number): number => cast.backends[peer]!.capacityRps / states[peer]!.slowFactor;
    return {
      belief: plain(`weight ${trim(state.weight, 2)}`),
      truth: plain(formatRate(can(index))),
      agree: close(byWeight, part(can)),
    };
  });
}

function compareHealth(state: BackendState): Comparison {
  const belief = BELIEF_SIGNS[state.believed] ?? SIGNS.healthy;
  if (state.believed === BELIEVED.removed) return { belief, truth: SIGNS.removed, agree: true };
  const works = state.truth === TRUTH.healthy;
  const dead = state.truth === TRUTH.hung || state.truth === TRUTH.crashed;
  return {
    belief,
    truth: truthSign(state),
    agree: state.believed === BELIEVED.unhealthy ? dead : works,
  };
}

function truthSign({ truth, slowFactor }: BackendState): Sign {
  switch (truth) {
    case TRUTH.slow:
      return { ...SIGNS.slow, word: `${trim(slowFactor, 1)}× slow` };
    case TRUTH.hung:
      return SIGNS.hung;
    case TRUTH.crashed:
      return SIGNS.crashed;
    default:
      return SIGNS.healthy;
  }
}

function plain(word: string): Sign {
  return { hue: 'ink', shape: 'none', word };
}

/** Within a tenth of the larger: counts of a Poisson stream never agree to the last digit. */
function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 0.1 * Math.max(a, b);
}

/** "45 waiting, growing": the queue now and one second ago. */
export function waitingWords(queued: number, before: number | undefined, short = false): string {
  const words = `${queued} waiting`;
  if (short || before === undefined) return words;
  const change = queued - before;
  if (Math.abs(change) < Math.max(3, 0.05 * queued)) return words;
  return `${words}, ${change > 0 ? 'growing' : 'shrinking'}`;
}
