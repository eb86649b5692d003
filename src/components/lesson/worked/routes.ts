import { policiesFor } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, context, listed, requestLike, world } from './engine.ts';

interface Props {
  /** Pools by prefix. */
  readonly routes: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** Routing by path: the longest prefix that matches wins. `routes` maps a prefix to a pool; "/" is the rest. */
export function routes({ routes: table, paths }: Props): WorkedStep[] {
  const prefixes = Object.keys(table);
  const steps = paths.map((path): WorkedStep => {
    const lengths = prefixes.map((prefix) => (covers(prefix, path) ? prefix.length : 0));
    const longest = Math.max(...lengths);
    const winner = prefixes[lengths.indexOf(longest)]!;
    const matching = prefixes.filter((_, index) => lengths[index]! > 0);
    const others = matching.length > 1 ? ` ${listed(matching)} all match; the longest wins.` : '';
    return {
      phase: 'match',
      bars: prefixes.map((prefix, index) => ({ name: prefix, value: lengths[index]!, chosen: prefix === winner })),
      result: table[winner]!,
      note: `GET ${path} goes to pool ${table[winner]!}, by the prefix ${winner}.${others}`,
    };
  });
  agree('routes', steps, engineRoutes(table, paths));
  return steps;
}

/** Whole path segments: /video covers /video and /video/7, not /videos. */
function covers(prefix: string, path: string): boolean {
  return (
    path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/')
  );
}

function engineRoutes(table: Readonly<Record<string, string>>, paths: readonly string[]): string[] {
  const pools = [...new Set(Object.values(table))];
  const rest = table['/'] ?? pools[0]!;
  const scenario = world({
    balancer: { routes: Object.entries(table).map(([pathPrefix, pool]) => ({ pathPrefix, pool })) },
    pools: [rest, ...pools.filter((pool) => pool !== rest)].map((id) => ({
      id,
      picker: { name: 'round-robin' },
      backends: [{ id: `${id}-1`, service: { default: { kind: 'constant', valueUs: 1 } } }],
    })),
  });
  const { router } = policiesFor(scenario);
  return paths.map((path, index) => {
    const answer = router?.route(requestLike({ id: index + 1, path }), context(index));
    return typeof answer === 'string' ? answer : rest;
  });
}
