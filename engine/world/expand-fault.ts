import { expandDeploy } from './expand-deploy.ts';
import type { Link } from './scenario-network.ts';
import type { Action, Scenario } from './scenario.ts';
import type { NodeSpec } from './scenario-tier.ts';

/** A backend as faults need to know it. */
export interface Member {
  readonly id: string;
  readonly pool: string;
  readonly zone: string;
  /** Absent: of none. */
  readonly region?: string | undefined;
  readonly weight: number;
}

/** A node of the tier as faults need to know it. */
type Place = Pick<NodeSpec, 'id' | 'zone' | 'region'>;

type Composite =
  | 'pause'
  | 'stall'
  | 'gc-storm'
  | 'flap'
  | 'error-burst'
  | 'lose-zone'
  | 'lose-region'
  | 'restore-region'
  | 'flap-route'
  | 'surge'
  | 'slow-dependency'
  | 'lose-control-plane'
  | 'deploy'
  | 'partition'
  | 'syn-flood'
  | 'slow-loris'
  | 'lose-packets';

/** What the parts of faults do that no entry of a timeline does by itself. */
type Part =
  | {
      readonly do: 'hold' | 'let-go';
      readonly atUs: number;
      readonly backend: string;
      readonly why: 'paused' | 'stalled';
    }
  | { readonly do: 'scale-rate'; readonly atUs: number; readonly client: string; readonly factor: number }
  | { readonly do: 'stretch-dependency'; readonly atUs: number; readonly dependency: string; readonly factor: number }
  /** `node`: index of the one it is about; undefined: all of them. */
  | { readonly do: 'flood'; readonly atUs: number; readonly rateRps: number; readonly node: number | undefined }
  | {
      readonly do: 'besiege';
      readonly atUs: number;
      readonly connections: number;
      readonly everyUs: number;
      readonly node: number | undefined;
    }
  | { readonly do: 'lay'; readonly atUs: number; readonly link: Link }
  | { readonly do: 'control-plane'; readonly atUs: number; readonly isUp: boolean; readonly isFrozen: boolean };

/** What the world is told at a moment: an action of one step, or a step of a fault. */
export type Step = Exclude<Action, { do: Composite }> | Part;

/** The steps of an action in the order of time, the first at its own. `members`: all backends there are, or will have been, by then; `nodes`: those of the tier. */
export function expand(action: Action, members: readonly Member[], nodes: readonly Place[] = []): Step[] {
  const { atUs } = action;
  switch (action.do) {
    case 'pause':
      return held(action.backend, 'paused', atUs, action.durationUs);
    case 'stall':
      return held(action.backend, 'stalled', atUs, action.durationUs);
    case 'gc-storm': {
      const { backend, everyUs, pauseUs, durationUs } = action;
      const pauses = Math.ceil(durationUs / everyUs);
      return repeated(pauses, (time) => held(backend, 'paused', atUs + time * everyUs, pauseUs));
    }
    case 'flap': {
      const { backend, downUs, upUs, times } = action;
      return repeated(times, (time): Step[] => {
        const downAtUs = atUs + time * (downUs + upUs);
        return [
          { do: 'crash', atUs: downAtUs, backend },
          { do: 'recover', atUs: downAtUs + downUs, backend },
        ];
      });
    }
    case 'error-burst': {
      const { backend, share, status, afterUs, durationUs } = action;
      const burst = { do: 'fail', backend, status, afterUs } as const;
      return [
        { ...burst, atUs, share },
        { ...burst, atUs: atUs + durationUs, share: 0 },
      ];
    }
    case 'lose-zone': {
      const isThere = ({ zone }: Place | Member) => zone === action.zone;
      const [lost, dead] = [members.filter(isThere), nodes.filter(isThere)];
      const { durationUs } = action;
      return [
        ...toAll('crash', lost, 'kill-balancer', dead, atUs),
        ...(durationUs === undefined ? [] : toAll('recover', lost, 'start-balancer', dead, atUs + durationUs)),
      ];
    }
    case 'lose-region':
    case 'restore-region': {
      const isThere = ({ region }: Place | Member) => region === action.region;
      const [lost, dead] = [members.filter(isThere), nodes.filter(isThere)];
      return action.do === 'lose-region'
        ? toAll('hang', lost, 'kill-balancer', dead, atUs)
        : toAll('recover', lost, 'start-balancer', dead, atUs);
    }
    case 'flap-route': {
      const { region, everyUs, times } = action;
      return repeated(times, (time): Step[] => [
        { do: 'withdraw-route', atUs: atUs + 2 * time * everyUs, region },
        { do: 'announce-route', atUs: atUs + (2 * time + 1) * everyUs, region },
      ]);
    }
    case 'surge':
      return forAWhile({ do: 'scale-rate', client: action.client }, action);
    case 'slow-dependency':
      return forAWhile({ do: 'stretch-dependency', dependency: action.dependency }, action);
    case 'lose-control-plane':
      return [
        { do: 'control-plane', atUs, isUp: false, isFrozen: action.health === 'frozen' },
        { do: 'control-plane', atUs: atUs + action.durationUs, isUp: true, isFrozen: false },
      ];
    case 'partition':
      return laid(action, 1);
    case 'lose-packets':
      return laid(action, action.share);
    case 'syn-flood': {
      const { rateRps, durationUs } = action;
      const flood = { do: 'flood', node: indexOf(action.balancer, nodes) } as const;
      return [
        { ...flood, atUs, rateRps },
        { ...flood, atUs: atUs + durationUs, rateRps: -rateRps },
      ];
    }
    case 'slow-loris': {
      const { connections, everyUs, durationUs } = action;
      const siege = { do: 'besiege', everyUs, node: indexOf(action.balancer, nodes) } as const;
      return [
        { ...siege, atUs, connections },
        { ...siege, atUs: atUs + durationUs, connections: 0 },
      ];
    }
    case 'deploy':
      return expandDeploy(action.deploy, atUs, members);
    default:
      return [action];
  }
}

/** Of a node that is named; undefined: of none. */
function indexOf(balancer: string | undefined, nodes: readonly Place[]): number | undefined {
  return balancer === undefined ? undefined : nodes.findIndex(({ id }) => id === balancer);
}

/** A link that loses messages, for a while or until it is healed. */
function laid(
  { atUs, between, oneWay, durationUs }: Extract<Action, { do: 'partition' }> | Extract<Action, { do: 'lose-packets' }>,
  loss: number,
): Step[] {
  const begin: Step = { do: 'lay', atUs, link: { between, oneWay, loss } };
  return durationUs === undefined ? [begin] : [begin, { do: 'heal', atUs: atUs + durationUs, between }];
}

/** The same to many backends, and then to many nodes. */
function toAll(
  what: 'crash' | 'hang' | 'recover',
  backends: readonly Member[],
  toNodes: 'kill-balancer' | 'start-balancer',
  nodes: readonly Place[],
  atUs: number,
): Step[] {
  return [
    ...backends.map(({ id }): Step => ({ do: what, atUs, backend: id })),
    ...nodes.map(({ id }): Step => ({ do: toNodes, atUs, balancer: id })),
  ];
}

/** All backends that a scenario has at some time up to `atUs`; `timeline` is that of the run. */
export function membersOf(pools: Scenario['pools'], timeline: readonly Action[], atUs: number): Member[] {
  const first = pools.flatMap(({ id: pool, backends }) =>
    backends.map(({ id, zone, region, weight }): Member => ({ id, zone, region, weight, pool })),
  );
  const joined = timeline.flatMap((action): Member[] => {
    if (action.do !== 'add-backend' || action.atUs > atUs) return [];
    const { id, zone, region, weight } = action.backend;
    return [{ id, zone, region, weight, pool: action.pool }];
  });
  return [...first, ...joined];
}

function held(backend: string, why: 'paused' | 'stalled', atUs: number, durationUs: number): Step[] {
  return [
    { do: 'hold', atUs, backend, why },
    { do: 'let-go', atUs: atUs + durationUs, backend, why },
  ];
}

function repeated(times: number, steps: (time: number) => Step[]): Step[] {
  return Array.from({ length: times }, (_, time) => steps(time)).flat();
}

/** Something is multiplied, and back to what it was after the duration, if there is one. */
function forAWhile(
  what:
    | { readonly do: 'scale-rate'; readonly client: string }
    | { readonly do: 'stretch-dependency'; readonly dependency: string },
  {
    atUs,
    factor,
    durationUs,
  }: { readonly atUs: number; readonly factor: number; readonly durationUs?: number | undefined },
): Step[] {
  const begin: Step = { ...what, atUs, factor };
  return durationUs === undefined ? [begin] : [begin, { ...what, atUs: atUs + durationUs, factor: 1 }];
}
