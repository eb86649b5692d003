import { BELIEVED, TRUTH } from '../../../engine/index.ts';
import type { Point } from './line.ts';
import { MarkShape } from './Mark.tsx';
import type { Box } from './balancer-box.ts';
import type { BackendState, Sign } from './states.ts';

/** What every drawing of backends is made of: the figures of lessons and the replay of katas. */

interface ServerProps {
  readonly box: Box;
  readonly state: BackendState;
  readonly bars: { readonly tracks: string; readonly bars: string };
  /** The paint of a slow server's bars: `url(#…)` of a hatch pattern. */
  readonly hatch: string;
}

/** A server with one bar for each worker; a cross over one that is down. */
export function Server({ box, state, bars, hatch }: ServerProps) {
  const kind = serverKind(state);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return (
    <>
      <rect class={`b-server b-server--${kind}`} x={box.x} y={box.y} width={box.width} height={box.height} rx="3" />
      <path class="b-track" d={bars.tracks} />
      <path class={`b-bars b-bars--${kind}`} d={bars.bars} fill={kind === 'slow' ? hatch : undefined} />
      {(kind === 'hung' || kind === 'crashed') && (
        <g class="b-hue-broken" transform={`translate(${middle.x} ${middle.y}) scale(1.4)`}>
          <path class="b-cross-halo" d="M-4.5 -4.5l9 9M4.5 -4.5l-9 9" />
          <MarkShape shape="cross" />
        </g>
      )}
    </>
  );
}

function serverKind({ truth, believed }: BackendState): 'well' | 'slow' | 'hung' | 'crashed' | 'gone' {
  if (believed === BELIEVED.removed) return 'gone';
  switch (truth) {
    case TRUTH.slow:
      return 'slow';
    case TRUTH.hung:
      return 'hung';
    case TRUTH.crashed:
      return 'crashed';
    default:
      return 'well';
  }
}

/** Mark and word, the mark beginning at `at`. */
export function SignAt({ at, sign, strong = false }: { at: Point; sign: Sign; strong?: boolean }) {
  const marked = sign.shape !== 'none';
  return (
    <g class={`b-hue-${sign.hue}`}>
      {marked && (
        <g transform={`translate(${at.x + 6} ${at.y})`}>
          <MarkShape shape={sign.shape} />
        </g>
      )}
      <text class={strong ? 'b-word b-word--strong' : 'b-word'} x={at.x + (marked ? 20 : 0)} y={at.y + 5}>
        {sign.word}
      </text>
    </g>
  );
}

/** Two thin bars when belief and truth agree, a strong not-equal sign when they do not. */
export function Agreement({ x, y, agree }: { x: number; y: number; agree: boolean }) {
  if (agree) return <path class="b-agree" d={`M${x - 10} ${y - 4}h20M${x - 10} ${y + 4}h20`} />;
  return <path class="b-differ" d={`M${x - 10} ${y - 4}h20M${x - 10} ${y + 4}h20M${x + 6} ${y - 11}l-12 22`} />;
}
