import type { Cast } from '../../lesson/cast.ts';
import { sCurve, type Line } from '../../lesson/line.ts';
import type { Box } from '../../lesson/balancer-box.ts';
import type { KataInfo } from '../kata-info.ts';

/** Where things stand in the picture of a decision. Units are pixels at true size: three drawings, never one scaled. */
export interface ReplayStage {
  readonly form: 'wide' | 'phone' | 'small';
  readonly width: number;
  readonly height: number;
  /** The box of the learner's policy. */
  readonly policy: Box;
  readonly lanes: readonly ReplayLane[];
  /** Middles of the columns: what the policy saw or says, the sign, what is true. */
  readonly columns: { readonly saw: number; readonly sign: number; readonly truth: number };
}

export interface ReplayLane {
  readonly y: number;
  readonly line: Line;
  readonly server: Box;
  readonly name: { readonly x: number; readonly y: number };
  /** Where the word over the line ends. */
  readonly wordX: number;
  /** Where a pick's dot or a probe's mark sits on the line. */
  readonly dotX: number;
}

/** `server` and the columns are distances from the right edge. */
const counts = {
  wide: {
    policy: { x: 16, width: 88 },
    curve: 44,
    server: { right: 286, width: 72 },
    name: 10,
    dot: 36,
    saw: 144,
    sign: 98,
    truth: 52,
  },
  phone: {
    policy: { x: 12, width: 56 },
    curve: 26,
    server: { right: 226, width: 56 },
    name: 10,
    dot: 18,
    saw: 102,
    sign: 67,
    truth: 30,
  },
  small: {
    policy: { x: 8, width: 48 },
    curve: 16,
    server: { right: 178, width: 44 },
    name: 6,
    dot: 14,
    saw: 80,
    sign: 52,
    truth: 24,
  },
} as const;
/** Verdicts on health are words, and need more room than counts. */
const words = {
  policy: { x: 16, width: 72 },
  curve: 30,
  server: { right: 326, width: 52 },
  name: 8,
  dot: 30,
  saw: 182,
  sign: 118,
  truth: 54,
} as const;
const verdicts = { ...counts, wide: words } as const;
const pitch = 72;
const serverHeight = 40;
const policyHeight = 60;

export function replayStage(cast: Cast, policy: KataInfo['policy'], width: number): ReplayStage {
  const form = width >= 420 ? 'wide' : width >= 320 ? 'phone' : 'small';
  const m = (policy === 'picker' ? counts : verdicts)[form];
  const top = policy === 'picker' && form === 'wide' ? 78 : 58;
  const ys = cast.backends.map((_, index) => top + index * pitch);
  const last = ys.at(-1) ?? top;
  const middle = (top + last) / 2;
  const out = { x: m.policy.x + m.policy.width, y: middle };
  const serverX = width - m.server.right;
  return {
    form,
    width,
    height: last + 46,
    policy: { ...m.policy, y: middle - policyHeight / 2, height: policyHeight },
    lanes: ys.map((y) => ({
      y,
      line: sCurve(out, { x: out.x + m.curve, y }, { x: serverX - 6, y }),
      server: { x: serverX, y: y - serverHeight / 2, width: m.server.width, height: serverHeight },
      name: { x: serverX + m.server.width + m.name, y: y + 5 },
      wordX: serverX - (form === 'small' ? 3 : 10),
      dotX: serverX - m.dot,
    })),
    columns: { saw: width - m.saw, sign: width - m.sign, truth: width - m.truth },
  };
}
