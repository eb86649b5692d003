import type { CheckAnswers } from './check-answers.ts';
import type { Drains } from './drains.ts';
import type { BalancerNode } from './node.ts';
import type { Action } from './scenario.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';
import type { Service } from './service.ts';

/** What actions act on. */
export interface World {
  readonly nodes: readonly BalancerNode[];
  readonly service: Service;
  readonly servers: Servers;
  readonly answers: CheckAnswers;
  readonly drains: Drains;
}

/** Does to the world what an action says; `target` is the index of the backend it is about, if it is about one. */
export function carryOut(
  action: Exclude<Action, { do: 'add-backend' | 'set-rate' | 'configure' } | { balancer: string }>,
  target: number,
  { nodes, service, servers, answers, drains }: World,
): void {
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
      break;
    case 'recover':
      servers.failShare[target] = 0;
      service.become(target, TRUTH.healthy, 1);
      break;
    case 'answer-checks':
      answers.answerWith(target, action.status, action.body);
      break;
    case 'agent-says':
      answers.sayAs(target, action.reply ?? undefined);
      break;
    case 'break-dependency':
      answers.setDependency(action.dependency, false);
      break;
    case 'mend-dependency':
      answers.setDependency(action.dependency, true);
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
