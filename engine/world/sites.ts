import { flowHash } from '../core/flow.ts';
import type { Flow } from '../core/policy.ts';
import { NOBODY } from './entry.ts';
import type { EntryWorld } from './entry.ts';
import { roundTripUs } from './places.ts';

/** The sites of a tier, each a node or all nodes of a region, and how far they are from whom. */
export class Sites {
  readonly ids: readonly string[];
  /** By index of the node. */
  readonly siteOf: readonly number[];
  private readonly world: EntryWorld;
  private readonly regions: readonly string[];
  private readonly seed: number;
  /** By site, the nodes that packets are led to; the dead ones of a site that has no other. */
  private led: number[][] = [];
  /** One way, by client and site. */
  private readonly waysUs: readonly (readonly number[])[];

  constructor(world: EntryWorld, by: 'node' | 'region') {
    const { specs, clients, distances, rng } = world;
    this.world = world;
    const names = specs.map(({ id, region }) => (by === 'node' ? id : region));
    this.ids = [...new Set(names)];
    this.siteOf = names.map((name) => this.ids.indexOf(name));
    this.regions = this.ids.map((id) => specs[names.indexOf(id)]!.region);
    this.seed = rng.fork('sites').int(0x1_0000_0000);
    this.waysUs = clients.map(({ place }) =>
      this.regions.map((region) => Math.round(roundTripUs(distances, place, region) / 2)),
    );
    this.look();
  }

  /** The sites in a region. */
  of(region: string): number[] {
    return this.regions.flatMap((other, site) => (other === region ? [site] : []));
  }

  /** The round trips from a place to all sites. */
  roundTripsUs(place: string | undefined): number[] {
    return this.regions.map((region) => roundTripUs(this.world.distances, place, region));
  }

  /** What the way between client and site takes. */
  wayUs(client: number, site: number): number {
    return this.waysUs[client]![site]!;
  }

  /** A node has changed. Within a site its own routers notice at once. */
  look(): void {
    const { states } = this.world;
    this.led = this.ids.map((_, site) => {
      const there = states.inService.filter((node) => this.siteOf[node] === site);
      const reachable = there.filter((node) => states.isReachable(node));
      return reachable.length > 0 ? reachable : there;
    });
  }

  /** Which node of the site gets the packet; NOBODY: it has none. */
  nodeFor(site: number, flow: Flow): number {
    const nodes = this.led[site]!;
    if (nodes.length <= 1) return nodes[0] ?? NOBODY;
    return nodes[flowHash(flow, this.seed) % nodes.length]!;
  }

  /** Has the site no node in service? */
  isEmpty(site: number): boolean {
    return this.led[site]!.length === 0;
  }

  isReachable(site: number): boolean {
    return this.led[site]!.some((node) => this.world.states.isReachable(node));
  }

  /** Does a balancer answer there? */
  answers(site: number): boolean {
    const { states } = this.world;
    return this.led[site]!.some((node) => states.isReachable(node) && states.serves(node));
  }
}
