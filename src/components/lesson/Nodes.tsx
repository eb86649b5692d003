import type { Frame } from '../../../engine/index.ts';
import type { Cast } from './cast.ts';
import { isFound, nodeNumber, nodeSign, nodeStates } from './nodes.ts';
import { SignAt } from './parts.tsx';
import type { Stage } from './stage.ts';
import type { Recent } from './recall.ts';

interface Props {
  readonly cast: Cast;
  readonly stage: Stage;
  readonly frame: Frame;
  readonly recent: Recent;
}

/** The ways from clients to the nodes of a tier and on: broken lines lead to those that nobody is sent to. */
export function NodeLines({ cast, stage, frame }: Omit<Props, 'recent'>) {
  const states = nodeStates(frame);
  const ways = stage.ways.slice(0, stage.clients.length);
  return (
    <>
      {stage.nodes.map(({ out }, index) => {
        const state = states[index];
        const isOpen = state !== undefined && isFound(state, cast);
        const kind = state?.inService === false ? ' b-line--gone' : ' b-line--closed';
        const d = ways.map(({ toNodes }) => toNodes[index]!.d).join('') + out.d;
        return <path key={cast.nodes[index]!.id} class={isOpen ? 'b-line' : `b-line${kind}`} d={d} />;
      })}
    </>
  );
}

export function Nodes({ cast, stage, frame, recent }: Props) {
  const states = nodeStates(frame);
  return (
    <>
      {stage.nodes.map(({ box, name, sign, number, rows }, index) => {
        const state = states[index];
        if (state === undefined) return null;
        const id = cast.nodes[index]!.id;
        const works = state.inService && state.isUp && state.serves;
        const words = nodeNumber(state, index, cast, recent.before, frame.nowUs);
        return (
          <g key={id}>
            <rect class={works ? 'b-balancer' : 'b-balancer b-balancer--out'} {...box} rx="3" />
            <text class="b-name" x={name.x} y={name.y}>
              {id}
            </text>
            {(rows > 1 || !works) && <SignAt at={sign} sign={nodeSign(state, rows === 3)} />}
            {words !== undefined && works && (
              <text class="b-label2" x={number.x} y={number.y} text-anchor={number.anchor}>
                {words}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}
