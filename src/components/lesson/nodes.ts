import { FRONT, type Frame, NODE, ROLE } from '../../../engine/index.ts';
import { formatCount, formatRate } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import type { Sign } from './states.ts';

/** One balancer of a tier in a frame, by name instead of by column. */
export interface NodeState {
  readonly inService: boolean;
  readonly isUp: boolean;
  readonly serves: boolean;
  readonly role: number;
  readonly hasAddress: boolean;
  readonly inFlight: number;
  /** Requests that have come to it so far. */
  readonly taken: number;
  readonly connections: number;
  /** It gets no new connections. */
  readonly drains: boolean;
}

export function nodeStates({ nodes }: Pick<Frame, 'nodes'>): NodeState[] {
  const states: NodeState[] = [];
  for (let at = 0; at < nodes.length; at += NODE.stride) {
    const column = (name: Exclude<keyof typeof NODE, 'stride'>): number => nodes[at + NODE[name]]!;
    states.push({
      inService: column('inService') === 1,
      isUp: column('isUp') === 1,
      serves: column('serves') === 1,
      role: column('role'),
      hasAddress: column('hasAddress') === 1,
      inFlight: column('inFlight'),
      taken: column('taken'),
      connections: column('connections'),
      drains: column('drains') === 1,
    });
  }
  return states;
}

/** What a node is. `short` where a box is narrow: its line shows then who has the address. */
export function nodeSign(state: NodeState, short = false): Sign {
  const { role, hasAddress } = state;
  if (!state.inService) return { hue: 'ink', shape: 'none', word: 'out' };
  if (!state.isUp) return { hue: 'broken', shape: 'cross', word: 'dead' };
  if (!state.serves) return { hue: 'broken', shape: 'cross', word: 'refuses' };
  if (state.drains) return { hue: 'moving', shape: 'triangle', word: 'drains' };
  if (role === ROLE.master)
    return { hue: 'well', shape: 'disc', word: hasAddress && !short ? 'master, address' : 'master' };
  if (hasAddress) return { hue: 'wait', shape: 'hatch', word: short ? 'address' : 'has the address' };
  if (role === ROLE.backup) return { hue: 'ink', shape: 'none', word: 'backup' };
  return role === ROLE.initialize
    ? { hue: 'ink', shape: 'none', word: 'starting' }
    : { hue: 'well', shape: 'disc', word: 'up' };
}

/** One layer 4 node in a frame. */
export interface FrontState {
  readonly isUp: boolean;
  /** Does the router send flows to it? */
  readonly isNextHop: boolean;
}

export function frontStates({ fronts }: Pick<Frame, 'fronts'>): FrontState[] {
  return Array.from({ length: fronts.length / FRONT.stride }, (_, front) => ({
    isUp: fronts[front * FRONT.stride + FRONT.isUp] === 1,
    isNextHop: fronts[front * FRONT.stride + FRONT.isNextHop] === 1,
  }));
}

export function frontSign({ isUp, isNextHop }: FrontState): Sign {
  if (!isUp) return { hue: 'broken', shape: 'cross', word: 'dead' };
  return isNextHop ? { hue: 'well', shape: 'disc', word: 'up' } : { hue: 'ink', shape: 'none', word: 'out' };
}

/** Does the network lead requests to it now? */
export function isFound({ inService, isUp, hasAddress }: NodeState, { reach }: Cast): boolean {
  return reach === 'virtual-ip' ? hasAddress : inService && isUp;
}

/** "101 flows" where clients keep their connections, else requests a second over the last second; undefined: not known yet. */
export function nodeNumber(
  state: NodeState,
  index: number,
  { layer }: Cast,
  before: { readonly atUs: number; readonly taken: readonly number[] } | undefined,
  nowUs: number,
): string | undefined {
  if (state.connections > 0) return `${formatCount(state.connections)} ${layer === 4 ? 'flows' : 'open'}`;
  const taken = before?.taken[index];
  if (before === undefined || taken === undefined || nowUs <= before.atUs) return undefined;
  return formatRate(Math.round(((state.taken - taken) * 1_000_000) / (nowUs - before.atUs)));
}

/** "Layer 4: l4-1 up, l4-2 dead." */
export function frontWords(frame: Frame, { fronts }: Cast): string[] {
  if (fronts.length === 0) return [];
  const words = frontStates(frame).map((state, index) => {
    const still = !state.isUp && state.isNextHop ? ' and still sent flows' : '';
    return `${fronts[index]!.id} ${frontSign(state).word}${still}`;
  });
  return [`Layer 4: ${words.join(', ')}.`];
}

/** "lb1: dead. lb2: master, address, 3 in flight." */
export function nodeWords(frame: Frame, { nodes }: Cast): string[] {
  return nodeStates(frame)
    .slice(0, nodes.length)
    .map((state, index) => {
      const { word } = nodeSign(state);
      const holds = state.connections > 0 ? [`${formatCount(state.connections)} connections`] : [];
      const busy = state.inFlight > 0 ? [`${formatCount(state.inFlight)} in flight`] : [];
      return `${nodes[index]!.id}: ${[word, ...holds, ...busy].join(', ')}.`;
    });
}
