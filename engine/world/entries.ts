import { anycastEntry } from './entry-anycast.ts';
import { directEntry } from './entry-direct.ts';
import { dnsEntry } from './entry-dns.ts';
import { layer4Entry } from './entry-layer4.ts';
import { ecmpEntry } from './entry-ecmp.ts';
import { virtualIpEntry } from './entry-virtual-ip.ts';
import type { Entry, EntryWorld } from './entry.ts';

/** The entry that the scenario's tier is reached by. */
export function entryFor(world: EntryWorld): Entry {
  const { reach } = world;
  switch (reach.kind) {
    case 'direct':
      return directEntry(reach, world);
    case 'virtual-ip':
      return virtualIpEntry(reach, world);
    case 'ecmp':
      return ecmpEntry(reach, world);
    case 'layer-4':
      return layer4Entry(reach, world);
    case 'dns':
      return dnsEntry(reach, world);
    case 'anycast':
      return anycastEntry(reach, world);
  }
}
