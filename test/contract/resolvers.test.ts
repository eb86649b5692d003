import { expect, test } from 'vitest';
import { RESOLVERS } from '../../engine/registry.ts';
import { keepsTheResolverContract } from './resolver-contract.ts';

for (const [name, { make }] of Object.entries(RESOLVERS)) {
  keepsTheResolverContract(name, () => make({} as never));
}
keepsTheResolverContract('round-robin-dns with one address', () =>
  RESOLVERS['round-robin-dns']!.make({ answers: 1 } as never),
);
keepsTheResolverContract('latency with slack', () => RESOLVERS['latency']!.make({ slackUs: 50_000 } as never));
keepsTheResolverContract('weighted with a site that gets nothing', () =>
  RESOLVERS['weighted']!.make({ weights: { 'site-0': 0, 'site-1': 3 } } as never),
);

test('the resolvers are those a scenario can name', () => {
  expect(Object.keys(RESOLVERS)).toEqual(['round-robin-dns', 'geo', 'latency', 'weighted', 'gslb', 'failover-pools']);
});
