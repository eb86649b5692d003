import type {
  AdmissionPolicy,
  AffinityPolicy,
  AgentPolicy,
  BreakerPolicy,
  Elector,
  FlowTable,
  HealthPolicy,
  HedgePolicy,
  Picker,
  Resolver,
  RetryPolicy,
  Router,
} from '../core/policy.ts';
import * as decisions from './decisions.ts';
import type { AnyCall, Decision } from './decisions.ts';

/** Every kind of policy that decides in a run, by the name katas call it. */
export interface PolicyOf {
  picker: Picker;
  /** Judges probes. */
  health: HealthPolicy;
  /** Judges the responses of real requests. */
  outlier: HealthPolicy;
  agent: AgentPolicy;
  retry: RetryPolicy;
  hedge: HedgePolicy;
  admission: AdmissionPolicy;
  breaker: BreakerPolicy;
  router: Router;
  affinity: AffinityPolicy;
  elector: Elector;
  flows: FlowTable;
  resolver: Resolver;
}

export type PolicyKind = keyof PolicyOf;

/**
 * What a member of a policy is to the tape:
 * - a Decision: its answer is written down;
 * - `hook`: a call that only tells, or asks what no trace shows; a replay does without it;
 * - `must-hear`: a hook that every policy of this kind has;
 * - `flag`, `number`: what the policy says of itself.
 */
type Member<Value> = [Extract<Value, AnyCall>] extends [never]
  ? 'flag' | 'number'
  : 'hook' | 'must-hear' | Decision<Extract<Value, AnyCall>>;

export interface Kind<Policy> {
  /** The interface in core/policy.ts. */
  readonly contract: string;
  /** For messages: `pick 12 of the tape`. */
  readonly noun: string;
  /** Calls that no policy of this kind is without. */
  readonly requires: readonly string[];
  /** Every member of the interface: one that is added there and forgotten here does not compile. */
  readonly members: { readonly [Name in keyof Required<Policy>]: Member<NonNullable<Policy[Name]>> };
}

const HEALTH_MEMBERS: Kind<HealthPolicy>['members'] = {
  observe: decisions.observe,
  sweep: decisions.sweep,
  sweepEveryUs: 'number',
  onPoolChange: 'hook',
  onRequestStart: decisions.requestStart,
  hearsResponses: 'flag',
  suspects: decisions.suspects,
};

export const KINDS: { readonly [K in PolicyKind]: Kind<PolicyOf[K]> } = {
  picker: {
    contract: 'Picker',
    noun: 'pick',
    requires: ['pick'],
    members: {
      pick: decisions.pick,
      onPoolChange: 'hook',
      onMembersChange: 'hook',
      onRequestStart: 'hook',
      onRequestEnd: 'hook',
      probes: 'hook',
      onProbe: 'hook',
      skipsFull: 'flag',
      hearsEachChange: 'flag',
    },
  },
  health: { contract: 'HealthPolicy', noun: 'health decision', requires: ['observe'], members: HEALTH_MEMBERS },
  outlier: { contract: 'HealthPolicy', noun: 'outlier decision', requires: ['observe'], members: HEALTH_MEMBERS },
  agent: {
    contract: 'AgentPolicy',
    noun: 'agent decision',
    requires: ['observe'],
    members: { observe: decisions.orders },
  },
  retry: {
    contract: 'RetryPolicy',
    noun: 'retry decision',
    requires: ['onFailure'],
    members: {
      onFailure: decisions.wait,
      onRequest: 'hook',
      onAnswer: 'hook',
      staysPut: decisions.yesOrNo,
    },
  },
  hedge: {
    contract: 'HedgePolicy',
    noun: 'hedge decision',
    requires: ['delayUs'],
    members: { delayUs: decisions.wait, onHedge: 'hook', onOutcome: 'hook' },
  },
  admission: {
    contract: 'AdmissionPolicy',
    noun: 'admission',
    requires: ['admit'],
    members: { admit: decisions.admit, onAnswer: 'hook' },
  },
  breaker: {
    contract: 'BreakerPolicy',
    noun: 'breaker state',
    requires: ['state', 'observe'],
    members: { state: decisions.breakerState, observe: 'must-hear' },
  },
  router: { contract: 'Router', noun: 'route', requires: ['route'], members: { route: decisions.route } },
  affinity: {
    contract: 'AffinityPolicy',
    noun: 'affinity decision',
    requires: ['find', 'remember'],
    members: {
      find: decisions.find,
      remember: decisions.cookie,
      learn: 'hook',
      onPoolChange: 'hook',
      skipsDraining: 'flag',
    },
  },
  elector: { contract: 'Elector', noun: 'election', requires: ['next'], members: { next: decisions.next } },
  flows: {
    contract: 'FlowTable',
    noun: 'lookup',
    requires: ['lookup'],
    members: { lookup: decisions.lookup, close: 'hook' },
  },
  resolver: {
    contract: 'Resolver',
    noun: 'resolution',
    requires: ['resolve'],
    members: { resolve: decisions.resolve },
  },
};

export const policyKinds = Object.keys(KINDS) as readonly PolicyKind[];

/** Members of any kind of policy, for code that treats all kinds alike. */
export type AnyMember = 'hook' | 'must-hear' | 'flag' | 'number' | Decision<AnyCall>;
export type AnyPolicy = Readonly<Record<string, AnyCall | boolean | number | undefined>>;

/** A call of which nothing is known. */
export type PlainCall = (...args: unknown[]) => unknown;

export function membersOf(kind: PolicyKind): readonly (readonly [name: string, member: AnyMember])[] {
  return MEMBERS[kind];
}

const MEMBERS = Object.fromEntries(
  policyKinds.map((kind) => [kind, Object.entries(KINDS[kind].members)]),
) as unknown as Record<PolicyKind, readonly (readonly [string, AnyMember])[]>;

/**
 * The same policy with each of its calls replaced by what `around` makes of it; what the policy says of itself stays. `hears`: hooks that are
 * made although the policy has none.
 */
export function withCalls<K extends PolicyKind>(
  kind: K,
  policy: PolicyOf[K],
  around: (name: string, call: PlainCall, member: AnyMember) => PlainCall,
  hears: readonly string[] = [],
): PolicyOf[K] {
  const original = policy as unknown as AnyPolicy;
  const made: Record<string, unknown> = {};
  for (const [name, member] of membersOf(kind)) {
    const found = original[name] ?? (hears.includes(name) ? nothing : undefined);
    if (typeof found === 'function')
      made[name] = around(name, (...args: unknown[]) => found.apply(policy, args), member);
    else if (found !== undefined) made[name] = found;
  }
  return made as unknown as PolicyOf[K];
}

const nothing = (): void => undefined;
