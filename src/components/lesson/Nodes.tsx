import type { Frame } from '../../../engine/index.ts';
import type { Cast } from './cast.ts';
import { frontSign, frontStates, isFound, nodeNumber, nodeSign, nodeStates } from './nodes.ts';
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
  // Behind layer 4 nodes no line leads from a client to a node.
  const ways = stage.fronts.length > 0 ? [] : stage.ways.slice(0, stage.clients.length);
  return (
    <>
      <FrontLines cast={cast} stage={stage} frame={frame} />
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

/** From clients to layer 4 nodes and on to the nodes they lead flows to. */
function FrontLines({ cast, stage, frame }: Omit<Props, 'recent'>) {
  const nodes = nodeStates(frame);
  const fronts = frontStates(frame);
  return (
    <>
      {stage.fronts.map(({ from, toNodes }, index) => {
        const state = fronts[index];
        const isOpen = state?.isUp === true && state.isNextHop;
        const found = (node: number): boolean => isOpen && nodes[node] !== undefined && isFound(nodes[node], cast);
        const lines = (open: boolean): string =>
          toNodes.flatMap(({ d }, node) => (found(node) === open ? [d] : [])).join('');
        const before = from.map(({ d }) => d).join('');
        return (
          <g key={cast.fronts[index]!.id}>
            <path class="b-line" d={(isOpen ? before : '') + lines(true)} />
            <path class="b-line b-line--closed" d={(isOpen ? '' : before) + (isOpen ? lines(false) : '')} />
          </g>
        );
      })}
    </>
  );
}

/** They stand before the answers, which go past them. */
export function Fronts({ cast, stage, frame }: Omit<Props, 'recent'>) {
  const states = frontStates(frame);
  return (
    <>
      {stage.fronts.map(({ box, name, sign }, index) => {
        const state = states[index];
        if (state === undefined) return null;
        const { id } = cast.fronts[index]!;
        const works = state.isUp && state.isNextHop;
        return (
          <g key={id}>
            <rect class={works ? 'b-balancer' : 'b-balancer b-balancer--out'} {...box} rx="3" />
            <text class="b-name" x={name.x} y={name.y}>
              {id}
            </text>
            <SignAt at={sign} sign={frontSign(state)} />
          </g>
        );
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
        const isPlain = works && !(rows === 1 && state.drains);
        const words = nodeNumber(state, index, cast, recent.before, frame.nowUs);
        return (
          <g key={id}>
            <rect class={works ? 'b-balancer' : 'b-balancer b-balancer--out'} {...box} rx="3" />
            <text class="b-name" x={name.x} y={name.y}>
              {id}
            </text>
            {(rows > 1 || !isPlain) && <SignAt at={sign} sign={nodeSign(state, rows === 3)} />}
            {words !== undefined && isPlain && (
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
