import type { Step } from './expand-fault.ts';
import type { Tier } from './tier.ts';

type NodeStep = Extract<Step, { balancer: string }>;
type RegionStep = Extract<Step, { region: string }>;

/** Is the step about a node of the tier, or a region? */
export function isTierStep(step: Step): step is NodeStep | RegionStep {
  return 'balancer' in step || 'region' in step;
}

/** Does to the tier what a step says. */
export function carryOutTier(step: NodeStep | RegionStep, tier: Tier): void {
  if ('region' in step) carryOutRegion(step, tier);
  else carryOutNode(step, tier);
}

function carryOutRegion(step: RegionStep, tier: Tier): void {
  switch (step.do) {
    case 'drain-region':
    case 'undrain-region':
      tier.drain(step.region, step.do === 'drain-region');
      break;
    case 'withdraw-route':
    case 'announce-route':
      tier.route(step.region, step.do === 'announce-route');
      break;
  }
}

function carryOutNode(action: NodeStep, tier: Tier): void {
  const nodeOf = (id: string) => tier.specs.findIndex((spec) => spec.id === id);
  const node = nodeOf(action.balancer);
  const front = tier.fronts.indexOf(action.balancer);
  if (front >= 0) {
    tier.front(front, action.do === 'kill-balancer' ? 'kill' : action.do === 'stop-balancer' ? 'stop' : 'start');
    return;
  }
  switch (action.do) {
    case 'kill-balancer':
      tier.kill(node);
      break;
    case 'stop-balancer':
      tier.stop(node);
      break;
    case 'drain-balancer':
      tier.empty(node);
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
