import type { Cast } from '../../../src/components/lesson/cast.ts';

/** A cast of `backends` servers in `pools` pools behind one balancer or `nodes` of them, `fronts` layer 4 nodes before those, for drawing. */
export function castWith(backends: number, clients = 1, pools = 1, nodes = 0, fronts = 0): Cast {
  return {
    clients: Array.from({ length: clients }, (_, index) => ({ id: `c${index + 1}`, rateRps: 100 })),
    rateRps: 100 * clients,
    layer: 7,
    nodes: Array.from({ length: nodes }, (_, index) => ({ id: `lb-${index + 1}` })),
    fronts: Array.from({ length: fronts }, (_, index) => ({ id: `l4-${index + 1}` })),
    reach: nodes === 0 ? undefined : fronts === 0 ? 'ecmp' : 'layer-4',
    pools: Array.from({ length: pools }, (_, index) => ({
      id: `pool-${index + 1}`,
      picker: 'round-robin',
      prefixes: [],
    })),
    backends: Array.from({ length: backends }, (_, index) => ({
      id: `s${index + 1}`,
      pool: Math.floor((index * pools) / backends),
      workers: 8,
      capacityRps: 100,
    })),
  };
}
