import type { Drains } from './drains.ts';
import type { Step } from './expand-fault.ts';
import type { Machines } from './machines.ts';
import type { BalancerNode } from './node.ts';
import { HELD, TRUTH } from './servers.ts';
import type { SharedWorld } from './request-world.ts';

/** What actions act on. */
export interface World {
  readonly nodes: readonly BalancerNode[];
  readonly shared: SharedWorld;
  readonly machines: Machines;
  readonly drains: Drains;
}

/** Does to the world what an action says; `target` is the index of the backend it is about, if it is about one. */
export function carryOut(
  action: Exclude<
    Step,
    | { do: 'add-backend' | 'set-rate' | 'scale-rate' | 'configure' | 'control-plane' }
    | { balancer: string }
    | { region: string }
  >,
  target: number,
  { nodes, shared, machines, drains }: World,
): void {
  const { servers, answers } = machines;
  const { service, wires } = shared;
  const { gate } = shared.clientSide;
  switch (action.do) {
    case 'crash':
      for (const node of nodes) node.lose(target);
      service.become(target, TRUTH.crashed, 1);
      break;
    case 'hang':
      service.become(target, TRUTH.hung, servers.slowFactor[target]!);
      break;
    case 'slow':
      service.become(target, action.factor === 1 ? TRUTH.healthy : TRUTH.slow, action.factor);
      break;
    case 'fail':
      servers.failShare[target] = action.share;
      servers.failStatus[target] = action.status;
      servers.failAfterUs[target] = action.afterUs;
      service.noteTruth(target);
      break;
    case 'recover':
      servers.failShare[target] = 0;
      service.become(target, TRUTH.healthy, 1);
      break;
    case 'hold':
      service.hold(target, HELD[action.why]);
      break;
    case 'let-go':
      service.letGo(target, HELD[action.why]);
      break;
    case 'lay':
      wires.lay(action.link);
      break;
    case 'heal':
      wires.heal(action.between);
      break;
    case 'flood':
      gate!.flood(action.rateRps, action.node);
      break;
    case 'besiege':
      gate!.besiege(action.connections, action.everyUs, action.node);
      break;
    case 'stretch-dependency':
      machines.stations.slow(action.dependency, action.factor);
      break;
    case 'answer-checks':
      answers.answerWith(target, action.status, action.body);
      break;
    case 'agent-says':
      answers.sayAs(target, action.reply ?? undefined);
      break;
    case 'break-dependency':
      machines.setDependency(action.dependency, false);
      break;
    case 'mend-dependency':
      machines.setDependency(action.dependency, true);
      break;
    case 'set-weight':
      for (const { balancer } of nodes) balancer.setWeight(target, action.weight);
      break;
    case 'set-max-connections':
      for (const { balancer } of nodes) balancer.setMaxConnections(target, action.maxConnections ?? Infinity);
      break;
    case 'drain':
      for (const { balancer } of nodes) balancer.setDraining(target, true);
      if (action.timeoutUs !== undefined) drains.begin(target, action.timeoutUs);
      break;
    case 'undrain':
      for (const { balancer } of nodes) balancer.setDraining(target, false);
      drains.callOff(target);
      break;
    case 'disable':
    case 'enable':
      for (const { balancer } of nodes) balancer.setDisabled(target, action.do === 'disable');
      break;
    case 'remove-backend':
      for (const { balancer } of nodes) balancer.remove(target);
      if (action.force) for (const node of nodes) node.cut(target);
      break;
  }
}
