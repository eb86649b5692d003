import { Anycast } from './anycast.ts';
import { NOBODY } from './entry.ts';
import type { Entry, EntryWorld } from './entry.ts';
import type { AnycastReach } from './scenario-anycast.ts';
import { Sites } from './sites.ts';

/**
 * One address for all regions. Each client is a network, whose packets go to the best region that it has a route to; within a region they are spread over the
 * nodes by the hash of the flow.
 *
 * A region whose last node stops in good order withdraws its route. When the last one dies nobody says so, and packets go on to it until the routers notice.
 */
export function anycastEntry(reach: AnycastReach, world: EntryWorld): Entry {
  const { clients, clock, alarms, rng, rerouted } = world;
  const sites = new Sites(world, 'region');
  const { holdUs, keepaliveUs, bfd, convergence } = reach;
  const spec = {
    sites: sites.ids.length,
    preferences: clients.map(({ id, place }) => orderOf(reach.preferences[id], sites, place)),
    sessions: { holdUs, keepaliveUs, bfd },
    convergence: { kind: 'uniform', ...convergence } as const,
  };
  const anycast = new Anycast(spec, clock, alarms, rng.fork('anycast'), rerouted);
  const withdrawn = new Set<number>();
  sites.ids.forEach((_, site) => {
    if (sites.isEmpty(site)) anycast.withdraw(site);
  });

  /** Lets the routers hear, or not hear, what the region has to say. */
  function settle(site: number): void {
    if (withdrawn.has(site) || sites.isEmpty(site)) anycast.withdraw(site);
    else if (sites.isReachable(site)) anycast.announce(site);
    else anycast.fallSilent(site);
  }

  function route(region: string, isAnnounced: boolean): void {
    const site = sites.ids.indexOf(region);
    if (isAnnounced) withdrawn.delete(site);
    else withdrawn.add(site);
    settle(site);
  }

  return {
    addressFor: () => 0,
    extraUs(client) {
      const site = anycast.siteOf(client);
      return site === NOBODY ? 0 : sites.wayUs(client, site);
    },
    nodeFor(_, flow, client) {
      const site = anycast.siteOf(client);
      return site === NOBODY ? NOBODY : sites.nodeFor(site, flow);
    },
    changed(node) {
      sites.look();
      settle(sites.siteOf[node]!);
      rerouted();
    },
    route,
    drain(region, does) {
      route(region, !does);
    },
  };
}

/** The order of a client's network; without one, by distance. */
function orderOf(preferred: readonly string[] | undefined, sites: Sites, place: string | undefined): number[] {
  const distancesUs = sites.roundTripsUs(place);
  const nearest = [...sites.ids.keys()].sort((one, other) => distancesUs[one]! - distancesUs[other]! || one - other);
  return preferred === undefined ? nearest : preferred.map((region) => sites.ids.indexOf(region));
}
