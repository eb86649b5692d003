import { duplicates, idsOf, unknown } from './naming-problems.ts';
import type { Named } from './naming-problems.ts';
import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

type Route = Scenario['balancer']['routes'][number];

/** What is wrong with listeners and routes: names, pools that are not there, routes that nothing reaches or that lead nowhere. */
export function routeProblems(scenario: Scenario): Problem[] {
  const { balancer, pools } = scenario;
  const { layer, listeners, routes } = balancer;
  const seesRequests =
    listeners.length === 0 ? layer === 7 : listeners.some(({ protocol }) => protocol.startsWith('http'));
  if (!seesRequests && routes.length > 0) {
    const mend = 'Remove the routes, or set the layer to 7.';
    const found = listeners.length === 0 ? 'routes at layer 4' : 'routes where all listeners are TCP or UDP';
    return [{ field: 'balancer.routes', found, expected: 'none: layer 4 sees no paths', mend }];
  }
  const plain = routes.flatMap(({ pathPrefix, ...others }, at): Named[] =>
    pathPrefix !== undefined && isPlain(others) ? [[pathPrefix, `balancer.routes[${at}].pathPrefix`]] : [],
  );
  return [
    ...duplicates('route prefix', plain),
    ...duplicates('route', namedRoutes(routes)),
    ...unreachable(routes),
    ...routes.flatMap((route, at) => targetProblems(route, idsOf(pools), `balancer.routes[${at}]`)),
    ...listenerProblems(scenario),
  ];
}

/** Conditions on nothing but the path. */
function isPlain(route: Partial<Route>): boolean {
  const { priority, port, host, path, pathPattern, methods, headers, query, cookies, source } = route;
  return [priority, port, host, path, pathPattern, methods, headers, query, cookies, source].every(
    (one) => one === undefined,
  );
}

function namedRoutes(routes: readonly Route[]): Named[] {
  return routes.flatMap(({ id }, at): Named[] => (id === undefined ? [] : [[id, `balancer.routes[${at}].id`]]));
}

/** A route with the very conditions of one that comes before it is never taken. */
function unreachable(routes: readonly Route[]): Problem[] {
  const first = new Map<string, number>();
  const inOrder = routes
    .map((route, at) => ({ route, at }))
    .sort((a, b) => (a.route.priority ?? Infinity) - (b.route.priority ?? Infinity) || a.at - b.at);
  return inOrder.flatMap(({ route, at }): Problem[] => {
    if (isPlain(route) && route.pathPrefix !== undefined) return [];
    const conditions = conditionsOf(route);
    const before = first.get(conditions);
    if (before === undefined) {
      first.set(conditions, at);
      return [];
    }
    const mend = 'Remove one of the two, or add a condition to the one that is to be asked first.';
    return [
      {
        field: `balancer.routes[${at}]`,
        found: `the conditions of balancer.routes[${before}]`,
        expected: 'a route that some request reaches',
        mend,
      },
    ];
  });
}

function conditionsOf({
  port,
  host,
  path,
  pathPrefix,
  pathPattern,
  methods,
  headers,
  query,
  cookies,
  source,
}: Route): string {
  const sorted = [headers, query, cookies].map(
    (list) => list && Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return JSON.stringify([port, host, path, pathPrefix, pathPattern, methods?.toSorted(), sorted, source]);
}

function targetProblems(route: Route, pools: readonly string[], field: string): Problem[] {
  const { pool, split, redirect, reply, path, pathPrefix, pathPattern, rewrite } = route;
  const problems = [
    ...(pool === undefined ? [] : unknown('pool', pool, pools, `${field}.pool`)),
    ...(split ?? []).flatMap((part, at) => unknown('pool', part.pool, pools, `${field}.split[${at}].pool`)),
  ];
  const targets = Object.entries({ pool, split, redirect, reply }).flatMap(([name, given]) =>
    given === undefined ? [] : [name],
  );
  const paths = Object.entries({ path, pathPrefix, pathPattern }).flatMap(([name, given]) =>
    given === undefined ? [] : [name],
  );
  const one = 'exactly one of pool, split, redirect and reply';
  if (targets.length === 0)
    problems.push({ field, found: 'a route that leads nowhere', expected: one, mend: 'Say which pool it leads to.' });
  if (targets.length > 1)
    problems.push({ field, found: targets.join(' and '), expected: one, mend: 'Make two routes of it, or keep one.' });
  if (paths.length > 1)
    problems.push({
      field,
      found: paths.join(' and '),
      expected: 'at most one condition on the path',
      mend: 'Keep one.',
    });
  if (rewrite?.path !== undefined && path === undefined && pathPrefix === undefined) {
    const mend = 'Give the route a path or a pathPrefix: that is what gets replaced.';
    problems.push({
      field: `${field}.rewrite.path`,
      found: 'nothing to replace',
      expected: 'a route by path or pathPrefix',
      mend,
    });
  }
  if (route.splitBy !== undefined && split === undefined) {
    problems.push({
      field: `${field}.splitBy`,
      found: 'a key without a split',
      expected: 'none',
      mend: 'Remove it, or add a split.',
    });
  }
  return problems;
}

function tlsProblems({ tls, protocol }: Scenario['balancer']['listeners'][number], at: number): Problem[] {
  if (tls === undefined || protocol === 'https') return [];
  const field = `balancer.listeners[${at}].tls`;
  const mend = 'Remove it, or set the protocol to "https".';
  return [
    { field, found: `TLS at a listener for ${protocol}`, expected: 'TLS only where the protocol is https', mend },
  ];
}

function listenerProblems({ balancer, pools, clients }: Scenario): Problem[] {
  const { layer, listeners, routes } = balancer;
  const ports = [...new Set(listeners.map(({ port }) => port))];
  const problems = [
    ...duplicates(
      'listener',
      listeners.map(({ id }, at): Named => [id, `balancer.listeners[${at}].id`]),
    ),
    ...duplicates(
      'listener of a port',
      listeners.flatMap(({ port, protocol, names }, at) =>
        (names.length === 0 ? ['all names'] : names).map((name): Named => [
          `${protocol === 'udp' ? 'UDP' : 'TCP'} port ${port}, ${name.toLowerCase()}`,
          `balancer.listeners[${at}]`,
        ]),
      ),
    ),
    ...listeners.flatMap(tlsProblems),
    ...listeners.flatMap(({ pool }, at) =>
      pool === undefined ? [] : unknown('pool', pool, idsOf(pools), `balancer.listeners[${at}].pool`),
    ),
  ];
  if (listeners.length === 0) return problems;
  if (layer === 4)
    problems.push({
      field: 'balancer.layer',
      found: '4 beside listeners',
      expected: 'none: their protocols say it',
      mend: 'Remove it.',
    });
  const asked = [
    ...clients.map(({ port = 80 }, at) => [port, `clients[${at}].port`] as const),
    ...routes.flatMap(({ port }, at) => (port === undefined ? [] : [[port, `balancer.routes[${at}].port`] as const])),
  ];
  for (const [port, field] of asked) {
    if (ports.includes(port)) continue;
    problems.push({
      field,
      found: String(port),
      expected: 'a port that somebody listens on',
      mend: `There are: ${ports.join(', ')}.`,
    });
  }
  return problems;
}
