/**
 * A table of connections in front of another flow table: a flow stays with the backend it began with, whatever that other one would say by now.
 *
 * A flow the table does not know is asked for anew; with `drop`, only if this packet opens it, and any other is dropped. The table is bounded: the flow that was
 * quiet the longest makes room, and one that was quiet for too long is forgotten. A backend that is no longer there is not answered; one of weight 0 drains, and
 * is answered for the flows it has.
 *
 * Cost: O(1) a packet; a Map entry a flow, about 60 bytes.
 *
 * Fails when: the flow comes to another node, whose table is another: only what that one would choose by itself can save it. A flood of SYNs fills the table
 * and pushes quiet connections out.
 *
 * Source: Maglev (NSDI 2016), section 3.3; Katran's LRU of 8 million flows.
 *
 * Real systems: Katran keeps an LRU for each core and asks its ring about the unknown; IPVS has a timeout for each state, and drops packets of unknown flows that open nothing.
 */
import { takersOf } from '../core/flow.ts';
import type { Backend, Flow, FlowTable } from '../core/policy.ts';

export interface RememberedFlowsOptions {
  readonly limit?: number;
  readonly idleUs?: number;
}

interface Entry {
  readonly backend: Backend;
  usedUs: number;
}

export function rememberedFlows(
  others: FlowTable,
  { limit = 8_000_000, idleUs = Infinity }: RememberedFlowsOptions,
  drop: boolean,
): FlowTable {
  /** From the one used first to the one used last. */
  const table = new Map<number, Entry>();

  function forgetIdle(nowUs: number): void {
    for (const [key, { usedUs }] of table) {
      if (usedUs + idleUs > nowUs) return;
      table.delete(key);
    }
  }

  function remember(key: number, backend: Backend, usedUs: number): void {
    if (table.size >= limit)
      for (const [oldest] of table) {
        table.delete(oldest);
        break;
      }
    table.set(key, { backend, usedUs });
  }

  return {
    lookup(flow, opening, backends, ctx) {
      if (idleUs !== Infinity) forgetIdle(ctx.nowUs);
      const key = keyOf(flow);
      const entry = opening ? undefined : table.get(key);
      if (entry !== undefined || opening) table.delete(key);
      if (entry !== undefined && backends.includes(entry.backend)) {
        entry.usedUs = ctx.nowUs;
        table.set(key, entry);
        return entry.backend;
      }
      if (drop && !opening) return undefined;
      const takers = takersOf(backends);
      const backend = takers.length === 0 ? undefined : others.lookup(flow, opening, takers, ctx);
      if (backend !== undefined) remember(key, backend, ctx.nowUs);
      return backend;
    },
    close(flow) {
      table.delete(keyOf(flow));
    },
  };
}

/** Below 2^53. One address and one port of the tier are all a world has. */
function keyOf({ sourceAddress, sourcePort }: Flow): number {
  return sourceAddress * 0x1_0000 + sourcePort;
}
