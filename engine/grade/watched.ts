import type { Policies } from '../core/policies.ts';
import type { Backend, HealthPolicy, Picker } from '../core/policy.ts';
import type { SeenCall, Watcher } from './check.ts';
import type { AnyCall } from './decisions.ts';
import { mapPolicies } from './map-policies.ts';
import { withCalls } from './policy-kinds.ts';
import type { AnyPolicy, PolicyKind } from './policy-kinds.ts';

type Listener = (seen: SeenCall<AnyCall>) => void;

/** The same policies, with watchers that are told of each call they want right after it has answered. */
export function watched(policies: Policies, watchers: readonly Watcher[], nowUs: () => number): Policies {
  const listeners = listenersOf(watchers);
  const decisions = new Map<PolicyKind, number>();

  return mapPolicies(policies, (kind, policy, { pool = '', node = '' }) => {
    const wanted = listeners.get(kind);
    if (wanted === undefined) return policy;
    return withCalls(
      kind,
      policy,
      (name, call, member) => {
        const told = wanted.get(name) ?? [];
        // What only a watcher wants is none of the policy's decisions: it stands on no tape and has no line.
        const decides = typeof member !== 'string' && (policy as unknown as AnyPolicy)[name] !== undefined;
        if (told.length === 0 && !decides) return call;
        return (...args) => {
          const answer = call(...args);
          const decision = decisions.get(kind) ?? 0;
          if (decides) decisions.set(kind, decision + 1);
          if (told.length === 0) return answer;
          const seen = { decision, atUs: nowUs(), pool, node, args, answer };
          for (const tell of told) tell(seen);
          return answer;
        };
      },
      [...wanted.keys()],
    );
  });
}

/** Who wants to hear of which calls, by kind and name. */
function listenersOf(watchers: readonly Watcher[]): ReadonlyMap<PolicyKind, ReadonlyMap<string, readonly Listener[]>> {
  const listeners = new Map<PolicyKind, Map<string, Listener[]>>();
  const add = (kind: PolicyKind, name: string, listener: Listener): void => {
    const ofKind = listeners.get(kind) ?? new Map<string, Listener[]>();
    listeners.set(kind, ofKind);
    ofKind.set(name, [...(ofKind.get(name) ?? []), listener]);
  };
  for (const watcher of watchers) {
    for (const [kind, calls] of Object.entries(watcher.on ?? {})) {
      for (const [name, listener] of Object.entries(calls)) add(kind as PolicyKind, name, listener as Listener);
    }
    if (watcher.poolChange) {
      add('picker', 'onPoolChange', ({ pool, args: [backends] }) =>
        watcher.poolChange!(pool, backends as readonly Backend[]),
      );
    }
    if (watcher.health) {
      add('health', 'observe', (seen) => watcher.health!(seenHealth(seen as SeenCall<HealthPolicy['observe']>)));
    }
  }
  const ofPicks = watchers.filter((watcher) => watcher.pick !== undefined);
  if (ofPicks.length > 0) {
    add('picker', 'pick', (seen) => {
      const one = seenPick(seen as SeenCall<Picker['pick']>);
      for (const watcher of ofPicks) watcher.pick!(one);
    });
  }
  return listeners;
}

function seenPick({ decision, atUs, pool, args: [backends, request], answer }: SeenCall<Picker['pick']>) {
  return { decision, atUs, pool, backends, request, chose: answer };
}

function seenHealth({ decision, atUs, pool, args: [backend, signal], answer }: SeenCall<HealthPolicy['observe']>) {
  return { decision, atUs, pool, backend, signal, answered: answer };
}
