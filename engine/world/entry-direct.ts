import { NOBODY } from './entry.ts';
import type { Entry, EntryWorld } from './entry.ts';
import type { Reach } from './scenario-tier.ts';

type Direct = Extract<Reach, { kind: 'direct' }>;

/**
 * Clients know the nodes and choose by themselves: each connection draws one, takes the next in turn, or every client has its own (a sidecar). Nobody tells
 * them of a node that is down.
 */
export function directEntry({ choice }: Direct, { states, rng }: EntryWorld): Entry {
  const stream = rng.fork('direct');
  let turn = 0;
  return {
    addressFor(client) {
      const { inService } = states;
      if (inService.length === 0) return NOBODY;
      if (choice === 'client') return inService[client % inService.length]!;
      if (choice === 'random') return inService[stream.int(inService.length)]!;
      return inService[turn++ % inService.length]!;
    },
    nodeFor: (address) => address,
  };
}
