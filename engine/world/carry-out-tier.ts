import type { Step } from './expand-fault.ts';
import type { Tier } from './tier.ts';

type TierAction = Extract<Step, { balancer: string }>;

/** Is the action about a node of the tier? */
export function isTierAction(action: Step): action is TierAction {
  return 'balancer' in action;
}

/** Does to the tier what an action says. */
export function carryOutTier(action: TierAction, tier: Tier): void {
  const nodeOf = (id: string) => tier.specs.findIndex((spec) => spec.id === id);
  const node = nodeOf(action.balancer);
  switch (action.do) {
    case 'kill-balancer':
      tier.kill(node);
      break;
    case 'stop-balancer':
      tier.stop(node);
      break;
    case 'start-balancer':
      tier.start(node);
      break;
    case 'crash-balancer':
      tier.crashProxy(node);
      break;
    case 'crash-election':
      tier.crashElection(node);
      break;
    case 'cut-link':
    case 'mend-link':
      tier.setLink(node, action.from === undefined ? undefined : nodeOf(action.from), action.do === 'mend-link');
      break;
  }
}
