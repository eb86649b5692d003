import type { Clock } from '../balancer/context.ts';
import type { TierPolicies } from '../core/policies.ts';
import type { Flow } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import type { Alarms } from './alarms.ts';
import type { NodeStates } from './node-states.ts';
import type { Distances } from './scenario-places.ts';
import type { Scenario } from './scenario.ts';
import type { NodeSpec, Reach } from './scenario-tier.ts';

/** No node, or no address: an answer of entries. */
export const NOBODY = -1;

/**
 * How requests find a node of the tier. An address is a number of the entry's own: a node, a site, the one virtual IP.
 *
 * Asked in two steps, as on a real network: who leaves learns an address once for each connection, and each packet of it is then led from there.
 */
export interface Entry {
  /** A connection is about to be opened: where its client sends it. NOBODY: it finds no address. */
  addressFor(client: number, user: number): number;
  /** What the way there takes beyond the network's time, one way. Absent: nothing. */
  extraUs?(client: number, address: number): number;
  /**
   * A packet arrives where the address leads: index of the node; NOBODY: it is lost. Answers the same until the entry says `rerouted`. `opens`: it is the first of its
   * connection.
   */
  nodeFor(address: number, flow: Flow, client: number, opens: boolean): number;
  /** Packets leave something behind: it may not be asked about one that has not come. */
  readonly remembers?: boolean;
  /** The node that packets to the tier's one address come to; NOBODY: none. Absent: there is no such address. */
  holder?(): number;
  /** The state of the node has changed (node-states.ts), or that of a link. */
  changed?(node: number): void;
  /** Something happens to a layer 4 node in front of the tier. */
  front?(at: number, does: 'kill' | 'stop' | 'start'): void;
  /** The layer 4 nodes in front of the tier. */
  fronts?(): readonly FrontState[];
  /** The one of them that packets of the flow come to; NOBODY: none. */
  frontOf?(flow: Flow): number;
  /** Nobody is to be sent to the region any more, though it works; or again. */
  drain?(region: string, does: boolean): void;
  /** The region withdraws its route, or announces it. */
  route?(region: string, isAnnounced: boolean): void;
}

/** A layer 4 node in front of a tier: does it run, and does the router send flows to it? It does for a while after a death. */
export interface FrontState {
  readonly isUp: boolean;
  readonly isNextHop: boolean;
}

/** What an entry is made with. */
export interface EntryWorld {
  readonly reach: Reach;
  /** The tier's, by index. */
  readonly specs: readonly NodeSpec[];
  readonly states: NodeStates;
  /** The scenario's, by index. */
  readonly clients: Scenario['clients'];
  readonly distances: Distances;
  readonly policies: TierPolicies | undefined;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly rng: Prng;
  /** Packets are led elsewhere from now on: whoever is under way is looked at anew. */
  readonly rerouted: () => void;
  /** For the trace: the role of a node (a code of ROLE), or who gets the packets to the virtual IP. */
  readonly report: (kind: number, node: number, value: number) => void;
}
