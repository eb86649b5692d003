/**
 * Any picker that hashes, as a flow table: it is asked for each packet and remembers nothing, so all nodes that have the same backends find the same one.
 *
 * Cost: what the picker costs.
 *
 * Fails when: the backends change: flows that the picker moves break, though both ends are well. Maglev moves few beside those of the lost backend. And two nodes
 * that believe in different backends disagree about some flows.
 *
 * Source: Maglev (Eisenbud et al., NSDI 2016), section 3.4.
 *
 * Real systems: Maglev, Katran, Unimog and GLB all find by a table of hashes what a table of connections does not know.
 */
import { takersOf } from '../core/flow.ts';
import type { Backend, Flow, FlowTable, Picker, Request } from '../core/policy.ts';

/** `picker` must choose by source address and port. */
export function pickedFlows(picker: Picker): FlowTable {
  let known: readonly Backend[] | undefined;

  return {
    lookup(flow, _opening, backends, ctx) {
      const takers = takersOf(backends);
      if (takers.length === 0) return undefined;
      if (known === undefined || !sameMembers(known, takers)) {
        known = takers.slice();
        picker.onPoolChange?.(takers, ctx);
      }
      return picker.pick(takers, requestOf(flow), ctx);
    },
  };
}

function sameMembers(a: readonly Backend[], b: readonly Backend[]): boolean {
  return a.length === b.length && a.every((backend, at) => backend === b[at]);
}

/** On layer 4 nothing is known of a request but its flow. */
function requestOf({ sourceAddress, sourcePort, destinationPort }: Flow): Request {
  const address = [24, 16, 8, 0].map((shift) => (sourceAddress >>> shift) & 0xff).join('.');
  return {
    id: 0,
    connection: 0,
    client: address,
    class: 'default',
    method: '',
    host: '',
    path: '',
    headers: NONE,
    sourceAddress: address,
    sourcePort,
    port: destinationPort,
    bytes: 0,
    attempt: 1,
    tried: [],
  };
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
