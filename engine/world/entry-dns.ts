import { invariant } from '../core/invariant.ts';
import { Caches } from './dns/caches.ts';
import { Lookups } from './dns/lookups.ts';
import { NameServer, SiteView } from './dns/name-server.ts';
import { SiteChecks } from './dns/site-checks.ts';
import type { Entry, EntryWorld } from './entry.ts';
import type { DnsReach, OverstaySpec } from './scenario-dns.ts';
import { Sites } from './sites.ts';

/**
 * The tier is found by name: each client's users ask their resolver, whose cache asks the name server, whose policy knows what its checks and load reports
 * say of the sites. An address is the index of a site.
 */
export function dnsEntry(reach: DnsReach, world: EntryWorld): Entry {
  const { clock, alarms, policies } = world;
  const rng = world.rng.fork('dns');
  const resolver = policies?.resolver;
  invariant(resolver !== undefined, 'A tier that is found by name needs a resolver.');
  const sites = new Sites(world, reach.sites);
  const views = sites.ids.map((id) => new SiteView(id, reach.capacityRps[id] ?? Infinity));
  const nameServer = new NameServer(views, resolver, clock, rng.fork('resolver'));
  const passes = views.map(() => true);
  const drained = new Set<number>();
  const believe = (site: number) => {
    views[site]!.healthy = passes[site]! && !drained.has(site);
  };
  const checked = {
    count: views.length,
    isUp: (site: number) => sites.answers(site),
    believe: (site: number, isHealthy: boolean) => {
      passes[site] = isHealthy;
      believe(site);
    },
  };
  const checks = new SiteChecks(reach.check, checked, clock, alarms, rng.fork('checks'));
  const lookups = lookupsFor(reach, world, sites, nameServer);
  const come = views.map(() => 0);
  const reports = alarms.row(1, () => {
    views.forEach((view, site) => {
      view.loadRps = (come[site]! * 1_000_000) / reach.loadEveryUs;
      come[site] = 0;
    });
    reports.set(0, clock.nowUs + reach.loadEveryUs);
  });
  reports.set(0, clock.nowUs + reach.loadEveryUs);

  return {
    addressFor(client, user) {
      const site = lookups[client]!.siteFor(user);
      come[site]!++;
      return site;
    },
    extraUs: (client, site) => sites.wayUs(client, site),
    nodeFor: (site, flow) => sites.nodeFor(site, flow),
    changed(node) {
      sites.look();
      checks.look(sites.siteOf[node]!);
      world.rerouted();
    },
    drain(region, does) {
      sites.of(region).forEach((site) => {
        if (does) drained.add(site);
        else drained.delete(site);
        believe(site);
      });
    },
  };
}

/** For each client who looks up for it. */
function lookupsFor(reach: DnsReach, world: EntryWorld, sites: Sites, nameServer: NameServer): Lookups[] {
  const { clients, clock, alarms } = world;
  const rng = world.rng.fork('dns');
  const places = [...new Set(clients.map(({ place }) => place))];
  const groups = reach.resolvers.map((group) => {
    const seesPlaces = group.ecs || group.place === undefined;
    const askers = seesPlaces ? places : [group.place];
    const spec = {
      ...group,
      overstay: overstayOf(group.overstay),
      distancesUs: askers.map((place) => sites.roundTripsUs(place)),
    };
    const caches = new Caches(spec, nameServer, clock, alarms, rng.fork(`resolvers:${group.id}`));
    return {
      caches,
      count: group.count,
      kindOf: (place: string | undefined) => (seesPlaces ? places.indexOf(place) : 0),
    };
  });
  return clients.map(({ id, place, resolver, users, overstay }) => {
    const at = resolver === undefined ? 0 : reach.resolvers.findIndex((group) => group.id === resolver);
    const { caches, count, kindOf } = groups[at]!;
    const of = { caches, count, kind: kindOf(place) };
    return new Lookups(users, of, overstayOf(overstay), clock, rng.fork(`users:${id}`));
  });
}

function overstayOf(spec: OverstaySpec | undefined): { share: number; forUs: number } {
  return { share: spec?.share ?? 0, forUs: spec?.forUs ?? Infinity };
}
