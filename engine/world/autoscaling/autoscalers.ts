import type { Clock } from '../../balancer/context.ts';
import type { Policies } from '../../core/policies.ts';
import { invariant } from '../../core/invariant.ts';
import { EVENT_KIND } from '../../metrics/event-kind.ts';
import type { Alarms } from '../alarms.ts';
import type { Drains } from '../drains.ts';
import { NOBODY } from '../entry.ts';
import type { BalancerNode } from '../node.ts';
import type { Recorder } from '../recorder.ts';
import type { Scenario } from '../scenario.ts';
import type { BackendSpec, Servers } from '../servers.ts';
import { ControlLoop } from './control-loop.ts';
import { ScaledPool } from './scaled-pool.ts';
import type { Yard } from './scaled-pool.ts';

export interface ScaledWorld {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly servers: Servers;
  readonly recorder: Recorder;
  readonly nodes: readonly BalancerNode[];
  readonly drains: Drains;
  /** A backend joins a pool. Answers its index. */
  join(pool: number, spec: BackendSpec): number;
}

/** Starts the autoscaler of each pool that has one. */
export function startAutoscalers({ pools }: Scenario, policies: Policies, world: ScaledWorld): void {
  let first = 0;
  pools.forEach(({ id, autoscale, backends }, pool) => {
    const indices = backends.map((_, at) => first + at);
    first += backends.length;
    if (autoscale === undefined) return;
    const scaler = policies.pools.get(id)?.scaler;
    invariant(scaler !== undefined, `The pool "${id}" scales by itself and needs a scaler.`);
    const template = backends[0]!;
    const yard = yardOf(pool, world);
    const fleet = new ScaledPool({ id, autoscale, template }, indices, { ...world, yard });
    new ControlLoop(autoscale, fleet, scaler, world.clock, world.alarms);
  });
}

function yardOf(pool: number, world: ScaledWorld): Yard {
  const { nodes, drains, recorder, clock } = world;
  return {
    join(spec) {
      const backend = world.join(pool, spec);
      recorder.node = NOBODY;
      recorder.scaled(EVENT_KIND.joined, backend, clock.nowUs);
      return backend;
    },
    drain(backend, limitUs) {
      for (const { balancer } of nodes) balancer.setDraining(backend, true);
      drains.begin(backend, limitUs);
    },
    remove(backend) {
      for (const { balancer } of nodes) balancer.remove(backend);
      for (const node of nodes) node.cut(backend);
      recorder.node = NOBODY;
      recorder.scaled(EVENT_KIND.left, backend, clock.nowUs);
    },
    isMember: (backend) => !['draining', 'removed'].includes(nodes[0]!.balancer.lifecycle(backend)),
  };
}
