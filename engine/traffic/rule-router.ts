/**
 * Routes by rules: each has conditions, and a rule is taken if all of them hold. Rules with a priority are asked first, the smallest number first; then the others, the more exact
 * before the less: exact path, longest prefix, pattern, no path; within that exact host, longest wildcard, no host; then by how many further conditions they have; then in the
 * order of the list. What it leads to is a pool, a split over pools by weight, a redirect or a fixed response.
 *
 * A split draws for each request, or with `splitBy` goes by the hash of a key, so that a client stays on its side.
 *
 * Cost: O(rules) a request; of each rule the cheap tests come first, and most rules fall with the first one. Memory: nothing a request.
 *
 * Fails when: rules contradict each other and nobody knows which is first; when meaning is not in the request; on layer 4, where there is none of it to be seen.
 *
 * Source: the Kubernetes Gateway API's HTTPRoute for the order of precedence; AWS ALB for priorities.
 *
 * Real systems: nginx takes exact, then the longest prefix, then the first pattern, which beats the prefix; Envoy and HAProxy take the first rule of the list that matches.
 */
import { invariant } from '../core/invariant.ts';
import type { Context, Forward, Reply, Request, Router } from '../core/policy.ts';
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import { matchesHost } from './host-pattern.ts';
import { startsAtBorder } from './path-router.ts';
import { pathPattern } from './path-pattern.ts';
import { cookieOf, keyOf, pathOf, queryOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

type Named = Readonly<Record<string, string>>;

/** All that are given must hold. Of headers, parameters and cookies, `*` means: whatever its value. */
export interface Conditions {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly pathPrefix?: string | undefined;
  readonly pathPattern?: string | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly headers?: Named | undefined;
  readonly query?: Named | undefined;
  readonly cookies?: Named | undefined;
  /** An address, or a block of them: 198.51.100.0/24. */
  readonly source?: string | undefined;
}

export interface Rewrite {
  readonly host?: string | undefined;
  /** Stands in the place of what `path` or `pathPrefix` matched. */
  readonly path?: string | undefined;
  readonly setHeaders?: Named | undefined;
  readonly removeHeaders?: readonly string[] | undefined;
}

export interface Rule extends Conditions {
  readonly id?: string | undefined;
  readonly priority?: number | undefined;
  readonly pool?: string | undefined;
  readonly split?: readonly { readonly pool: string; readonly weight: number }[] | undefined;
  readonly splitBy?: KeyOptions | undefined;
  /** `{host}`, `{path}` and `{query}` in `location` stand for those of the request; `{query}` comes with its question mark. */
  readonly redirect?: { readonly status: number; readonly location: string } | undefined;
  readonly reply?:
    { readonly status: number; readonly headers?: Named | undefined; readonly body?: string | undefined } | undefined;
  readonly rewrite?: Rewrite | undefined;
}

export function ruleRouter(rules: readonly Rule[]): Router {
  const inOrder = rules
    .map((rule, place) => ({ rule, place, rank: rankOf(rule) }))
    .sort((a, b) => compare(a.rank, b.rank) || a.place - b.place)
    .map(({ rule }) => ({ matches: matcher(rule), act: action(rule) }));
  return {
    route(request, ctx) {
      for (const { matches, act } of inOrder) if (matches(request)) return act(request, ctx);
      return undefined;
    },
  };
}

/** What comes first has the smaller numbers, the first that differs deciding. */
function rankOf(rule: Rule): readonly number[] {
  const { path, pathPrefix, pathPattern: pattern, host = '*' } = rule;
  const pathRank = path !== undefined ? 0 : pathPrefix !== undefined ? 1 : pattern !== undefined ? 2 : 3;
  const hostRank = host === '*' ? 2 : host.startsWith('*') ? 1 : 0;
  const named = [rule.headers, rule.query, rule.cookies].map((list) => Object.keys(list ?? {}).length);
  const others =
    named.reduce((sum, count) => sum + count, 0) +
    [rule.methods, rule.source, rule.port].filter((one) => one !== undefined).length;
  return [rule.priority ?? Infinity, pathRank, -(pathPrefix?.length ?? 0), hostRank, -host.length, -others];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : a[place]! < b[place]! ? -1 : 1;
}

type Condition = (request: Request) => boolean;

/** All conditions of a rule, cheap ones first. */
function matcher(rule: Conditions): Condition {
  const { port, host, path, pathPrefix, methods, headers, query, cookies, source } = rule;
  const conditions: Condition[] = [];
  if (port !== undefined) conditions.push((request) => request.port === port);
  if (methods !== undefined) conditions.push(({ method }) => methods.includes(method));
  if (path !== undefined) conditions.push((request) => pathOf(request) === path);
  if (pathPrefix !== undefined) conditions.push((request) => startsAtBorder(request.path, pathPrefix));
  if (host !== undefined && host !== '*') conditions.push((request) => matchesHost(host, request.host));
  for (const [name, value] of Object.entries(headers ?? {})) {
    const lower = name.toLowerCase();
    conditions.push((request) => has(request.headers[lower], value));
  }
  for (const [name, value] of Object.entries(query ?? {}))
    conditions.push((request) => has(queryOf(request, name), value));
  for (const [name, value] of Object.entries(cookies ?? {}))
    conditions.push((request) => has(cookieOf(request, name), value));
  if (source !== undefined) conditions.push(within(source));
  if (rule.pathPattern !== undefined) {
    const matches = pathPattern(rule.pathPattern);
    conditions.push((request) => matches(pathOf(request)));
  }
  return (request) => {
    for (const holds of conditions) if (!holds(request)) return false;
    return true;
  };
}

function has(found: string | undefined, wanted: string): boolean {
  return wanted === '*' ? found !== undefined : found === wanted;
}

/** Does the request come from this block of addresses? */
function within(block: string): Condition {
  const [network = '', length = '32'] = block.split('/');
  let size = 1;
  for (let bit = Number(length); bit < 32; bit++) size *= 2;
  const first = Math.floor(numberOf(network) / size);
  return ({ sourceAddress }) => Math.floor(numberOf(sourceAddress) / size) === first;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

type Action = (request: Request, ctx: Context) => string | Forward | Reply;

function action(rule: Rule): Action {
  const { redirect, reply, rewrite, id } = rule;
  if (reply !== undefined) {
    const { status, headers = {}, body = '' } = reply;
    const fixed: Reply = { status, headers, body };
    return () => fixed;
  }
  if (redirect !== undefined) {
    return (request) => ({ status: redirect.status, headers: { location: filledIn(redirect.location, request) } });
  }
  const poolFor = target(rule);
  if (rewrite === undefined && id === undefined) return poolFor;
  return (request, ctx) => ({
    pool: poolFor(request, ctx),
    ...(id !== undefined && { route: id }),
    ...(rewrite !== undefined && rewritten(rule, rewrite, request)),
  });
}

function target({ pool, split, splitBy }: Rule): (request: Request, ctx: Context) => string {
  if (split === undefined) {
    invariant(pool !== undefined, 'a rule leads to a pool, a split, a redirect or a reply');
    return () => pool;
  }
  const key = splitBy && keyOf(splitBy);
  const total = split.reduce((sum, { weight }) => sum + weight, 0);
  return (request, ctx) => {
    const name = key?.(request);
    let point = (name === undefined ? ctx.rng.float() : hashed(name)) * total;
    for (const { pool: candidate, weight } of split) {
      point -= weight;
      if (point < 0) return candidate;
    }
    return split.at(-1)!.pool;
  };
}

const word = new Word64();

/** A number from 0 to 1 that depends on the key alone. */
function hashed(key: string): number {
  return (xxh64(bytesOf(key), SEED_0, word).hi >>> 0) / 0x100000000;
}

function filledIn(location: string, request: Request): string {
  const path = pathOf(request);
  const parts: Named = { host: request.host, path, query: request.path.slice(path.length) };
  return location.replace(/\{(host|path|query)\}/g, (_, name: string) => parts[name]!);
}

function rewritten(rule: Rule, rewrite: Rewrite, request: Request): Omit<Forward, 'pool'> {
  const { host, path, setHeaders, removeHeaders } = rewrite;
  const matched = rule.path ?? rule.pathPrefix ?? '';
  return {
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path: joined(path, request.path.slice(matched.length)) }),
    ...((setHeaders !== undefined || removeHeaders !== undefined) && {
      headers: changed(request.headers, setHeaders ?? {}, removeHeaders ?? []),
    }),
  };
}

/** `/api` replaced by `/` leaves one slash before `users`, not two, and never none. */
function joined(start: string, rest: string): string {
  if (start.endsWith('/') && rest.startsWith('/')) return start + rest.slice(1);
  return start.endsWith('/') || rest === '' || rest.startsWith('/') || rest.startsWith('?')
    ? start + rest
    : `${start}/${rest}`;
}

function changed(headers: Named, set: Named, remove: readonly string[]): Named {
  const gone = new Set(remove.map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !gone.has(name));
  return Object.fromEntries([
    ...kept,
    ...Object.entries(set).map(([name, value]) => [name.toLowerCase(), value] as const),
  ]);
}
