import type { Cast } from '../../../src/components/lesson/cast.ts';

/** A cast of `backends` servers in `pools` pools behind one balancer or `nodes` of them, for drawing. */
export function castWith(backends: number, clients = 1, pools = 1, nodes = 0): Cast {
  return {
    clients: Array.from({ length: clients }, (_, index) => ({ id: `c${index + 1}`, rateRps: 100 })),
    rateRps: 100 * clients,
    layer: 7,
    nodes: Array.from({ length: nodes }, (_, index) => ({ id: `lb-${index + 1}` })),
    reach: nodes === 0 ? undefined : 'ecmp',
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
