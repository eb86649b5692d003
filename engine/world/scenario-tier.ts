import { z } from 'zod';
import { tierAutoscale } from './scenario-autoscale.ts';
import { anycastReach } from './scenario-anycast.ts';
import { dnsReach } from './scenario-dns.ts';
import { ecmpWords, layer4Reach } from './scenario-layer4.ts';
import { distances } from './scenario-places.ts';
import { id, policy, positiveUs } from './scenario-words.ts';

const node = z.strictObject({
  id,
  /** More than 1: so many alike, called id-1, id-2 and so on. */
  count: z.int().min(1).max(1000).default(1),
  zone: z.string().default('a'),
  region: z.string().default('local'),
  /** Requests a second that it can take (on layer 4, packets that open a connection or carry a request); what exceeds it is dropped. Absent: no bound. */
  capacityRps: z.number().positive().optional(),
  /** Not there until the timeline adds it. */
  spare: z.boolean().default(false),
  /** In a VRRP group; 255 owns the address. */
  priority: z.int().min(1).max(255).default(100),
});

/** How clients find a node. */
const reach = z.discriminatedUnion('kind', [
  /** They know all nodes: each connection draws one, takes the next in turn, or each client has its own. */
  z.strictObject({ kind: z.literal('direct'), choice: z.enum(['random', 'turns', 'client']).default('random') }),
  /** One address that a VRRP group passes on. */
  z.strictObject({
    kind: z.literal('virtual-ip'),
    form: z.enum(['version 2', 'version 3', 'keepalived']).default('version 3'),
    advertiseUs: positiveUs.default(1_000_000),
    preempt: z.boolean().default(true),
    /** A router that has started lets this time pass before it preempts. */
    preemptDelayUs: z.int().nonnegative().default(0),
    /** Where nobody announces the address, the network asks for its holder again after this long. (Linux: a neighbour counts as reachable for 30 s.) */
    askAgainUs: positiveUs.default(30_000_000),
    /** Share of advertisements that get lost. */
    loss: z.number().min(0).max(1).default(0),
  }),
  /** A router spreads flows over all nodes by their hash. */
  z.strictObject({ kind: z.literal('ecmp'), ...ecmpWords }),
  layer4Reach,
  dnsReach,
  anycastReach,
]);

/** What a node knows of the load that others put on the backends. */
const view = z.discriminatedUnion('kind', [
  /** Nothing: it counts its own requests. */
  z.strictObject({ kind: z.literal('own') }),
  /** A board with the requests in flight from all nodes, refreshed every so often; its own are not added in between. */
  z.strictObject({ kind: z.literal('board'), everyUs: positiveUs }),
  /** The requests in flight from all nodes, as they were so long ago. */
  z.strictObject({ kind: z.literal('delayed'), byUs: positiveUs }),
]);

export const tier = z.strictObject({
  nodes: z.array(node).min(1),
  reach: reach.prefault({ kind: 'direct' }),
  distances,
  /** Balancers send to backends of their own region as long as enough of those are healthy, and elsewhere after that. */
  keepsRegion: z.boolean().default(false),
  view: view.prefault({ kind: 'own' }),
  /** On layer 4: how each node finds the backend of a flow. Absent: the pool's picker, and the connection table of the balancer. */
  flowTable: policy.optional(),
  /** Absent: nodes come and go by the timeline alone. */
  autoscale: tierAutoscale,
  /** Nodes tell each other their connections and who is bound to whom. */
  sync: z.boolean().default(false),
  /** A client that nobody answers gives up after this long. (A router asks three times, a second apart, who has the address.) */
  unansweredUs: positiveUs.default(3_000_000),
});

export type TierSpec = z.output<typeof tier>;
export type Reach = TierSpec['reach'];
export type NodeSpec = Omit<TierSpec['nodes'][number], 'count'>;

const named = { atUs: z.int().nonnegative(), balancer: id };

/** What happens to the nodes of a tier. */
export const tierActions = [
  /** Its machine dies without a word. */
  z.strictObject({ do: z.literal('kill-balancer'), ...named }),
  /** It leaves the tier in good order: it resigns, or withdraws its route. What it has stays with it as long as packets come. */
  z.strictObject({ do: z.literal('stop-balancer'), ...named }),
  /** Behind layer 4: it gets no new connection, and whoever remembers its connections leads them to it on. Starting it ends that. */
  z.strictObject({ do: z.literal('drain-balancer'), ...named }),
  /** It comes for the first time (a spare), or comes back, with all its software. */
  z.strictObject({ do: z.literal('start-balancer'), ...named }),
  /** Its balancer dies and the machine lives: connections are reset, and new ones refused. */
  z.strictObject({ do: z.literal('crash-balancer'), ...named }),
  /** Its election daemon dies, the machine keeps the address and goes on serving. */
  z.strictObject({ do: z.literal('crash-election'), ...named }),
  /** Nothing gets through any more between two nodes, or, without `from`, between the node and everybody. */
  z.strictObject({ do: z.literal('cut-link'), ...named, from: id.optional() }),
  z.strictObject({ do: z.literal('mend-link'), ...named, from: id.optional() }),
] as const;
