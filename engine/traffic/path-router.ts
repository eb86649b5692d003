/**
 * Routes by path: the longest prefix that matches names the pool; no match is no route.
 * A prefix ends at a border of the path: `/api` matches `/api`, `/api/users` and `/api?page=2`, never `/apix`. Order of the routes is of no account.
 *
 * Cost: O(routes) a request.
 *
 * Fails when: meaning is not in the path (a header, a cookie, a method), or on layer 4, where there is no path to be seen.
 *
 * Source: nginx `location`, AWS ALB path conditions, Kubernetes Ingress `pathType: Prefix`, whose border rule this follows.
 *
 * Real systems: nginx compares plain text, so its `location /api` does match `/apix`. ALB and HAProxy take the first rule that
 * matches in order of priority, not the longest. Envoy has both: `prefix` is plain text, `path_separated_prefix` keeps the border.
 */
import type { Request } from '../core/policy.ts';

export function pathRouter(routes: readonly { readonly pathPrefix: string; readonly pool: string }[]): {
  route(request: Request): string | undefined;
} {
  const longestFirst = [...routes].sort((a, b) => b.pathPrefix.length - a.pathPrefix.length);
  return {
    route: (request) => longestFirst.find(({ pathPrefix }) => startsAtBorder(request.path, pathPrefix))?.pool,
  };
}

export function startsAtBorder(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return (
    path.length === prefix.length || prefix.endsWith('/') || path[prefix.length] === '/' || path[prefix.length] === '?'
  );
}
