import type { KataInfo } from './kata-info.ts';

/** What a learner of this policy needs in sight: the interface to write, then what it speaks of. The contracts are one hover away. */
const shown: Record<KataInfo['policy'], readonly [string, ...string[]]> = {
  picker: ['Picker', 'Backend', 'Request', 'Context', 'Rng'],
  health: ['HealthPolicy', 'HealthSignal', 'Health', 'Backend', 'Context'],
  outlier: ['HealthPolicy', 'HealthSignal', 'Outcome', 'Health', 'Backend', 'Context', 'Rng'],
  agent: ['AgentPolicy', 'AgentOrders', 'Backend', 'Context'],
  retry: ['RetryPolicy', 'Request', 'Outcome', 'Backend', 'Context', 'Rng'],
  hedge: ['HedgePolicy', 'Request', 'Outcome', 'Context'],
  admission: ['AdmissionPolicy', 'Wait', 'Request', 'Backend', 'Context'],
  breaker: ['BreakerPolicy', 'BreakerState', 'Backend', 'Outcome', 'Context'],
  router: ['Router', 'Forward', 'Reply', 'Request', 'Context', 'Rng'],
  affinity: ['AffinityPolicy', 'Backend', 'Request', 'Context', 'Rng'],
  elector: ['Elector', 'Advertisement', 'Context'],
  flows: ['FlowTable', 'Flow', 'Backend', 'Context'],
  resolver: ['Resolver', 'Site', 'Context', 'Rng'],
};

/** One exported type of the engine, comments and modifiers left out. */
export interface TypeText {
  readonly name: string;
  readonly code: string;
}

/**
 * The types of a policy, cut out of engine/core/policy.ts, so that page and engine cannot disagree.
 * @throws Error when the engine no longer has one of them.
 */
export function typeTexts(policy: KataInfo['policy'], source: string): readonly TypeText[] {
  return shown[policy].map((name) => ({ name, code: declaration(name, source) }));
}

function declaration(name: string, source: string): string {
  const pattern = new RegExp(`^export (interface ${name} \\{[\\s\\S]*?^\\}|type ${name} =[\\s\\S]*?;)$`, 'm');
  const found = pattern.exec(source)?.[1];
  if (found === undefined) {
    throw new Error(
      `engine/core/policy.ts exports no interface or type "${name}". Correct the list in src/components/kata/types-text.ts.`,
    );
  }
  return found
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\breadonly /g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
