import { invariant } from '../core/invariant.ts';
import type { Backend, Request } from '../core/policy.ts';

/** What tells one party from another: where limits are counted, clients bound and splits kept. */
export const KEYS = [
  'all',
  'address',
  'client',
  'connection',
  'host',
  'path',
  'header',
  'query',
  'cookie',
  'backend',
] as const;

export interface KeyOptions {
  /** `all`: one key for everybody. `backend`: the one chosen, for limits behind the pick. */
  readonly by?: (typeof KEYS)[number] | undefined;
  /** Of the header, the query parameter or the cookie. */
  readonly name?: string | undefined;
}

/** The key of a request; undefined where it lacks the header, parameter or cookie. */
export type KeyOf = (request: Request, backend?: Backend) => string | undefined;

export function keyOf({ by = 'all', name = '' }: KeyOptions): KeyOf {
  const lower = name.toLowerCase();
  switch (by) {
    case 'all':
      return () => '';
    case 'address':
      return (request) => request.sourceAddress;
    case 'client':
      return (request) => request.client;
    case 'connection':
      return (request) => String(request.connection);
    case 'host':
      return (request) => request.host;
    case 'path':
      return (request) => pathOf(request);
    case 'header':
      return (request) => request.headers[lower];
    case 'query':
      return (request) => queryOf(request, name);
    case 'cookie':
      return (request) => cookieOf(request, name);
    case 'backend':
      return (_, backend) => {
        invariant(backend !== undefined, 'a limit by backend stands behind the pick, in a pool');
        return backend.id;
      };
  }
}

/** The path without its query. */
export function pathOf({ path }: Request): string {
  const mark = path.indexOf('?');
  return mark < 0 ? path : path.slice(0, mark);
}

/** The value of a parameter, as it is written in the path; empty for one without a value. */
export function queryOf({ path }: Request, name: string): string | undefined {
  const mark = path.indexOf('?');
  return mark < 0 ? undefined : valueIn(path.slice(mark + 1), '&', name);
}

/** The value of a cookie the client sends. */
export function cookieOf({ headers }: Request, name: string): string | undefined {
  const { cookie } = headers;
  return cookie === undefined ? undefined : valueIn(cookie, ';', name);
}

/** The value of `name` in text such as `a=1; b=2`. */
export function valueIn(text: string, separator: string, name: string): string | undefined {
  for (const part of text.split(separator)) {
    const pair = part.trim();
    const equals = pair.indexOf('=');
    if ((equals < 0 ? pair : pair.slice(0, equals)) === name) return equals < 0 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}
