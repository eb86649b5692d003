/**
 * Affinity by a cookie that the balancer inserts: its value names the backend. A client with a cookie goes where it says while that backend is healthy, also when it
 * drains; a client without one, or whose backend is gone, goes where the picker says and gets a new cookie.
 *
 * Cost: O(1) a request; a change of the pool O(n). Memory: one name a backend, nothing a client: any balancer with the same names finds the same backend.
 *
 * Fails when: clients keep no cookies, or many share one address but few stay: load follows old choices, and a backend that returns gets only new clients.
 *
 * Source: HAProxy `cookie NAME insert indirect`; nginx `sticky cookie`, Caddy `lb_policy cookie` and Traefik `sticky.cookie` differ in the value (cookie-forms.ts).
 *
 * Real systems: whether a client leaves a backend that refuses it before it is known to be down is a matter of redispatch in HAProxy (`insist` here is without). Caddy, which
 * has no checks unless asked, sends it there again and again. nginx and HAProxy set no expiry unless told.
 */
import type { AffinityPolicy, Backend } from '../core/policy.ts';
import { cookieForm } from './cookie-forms.ts';
import type { COOKIE_FORMS } from './cookie-forms.ts';
import { cookieOf } from './request-key.ts';

export interface InsertedCookieOptions {
  readonly cookie?: string;
  readonly form?: (typeof COOKIE_FORMS)[number];
  /** For the form of Caddy. */
  readonly secret?: string;
  /** How long the client keeps it. Absent: until it closes. */
  readonly maxAgeUs?: number;
  /** Stay with the backend when a try at it failed. */
  readonly insist?: boolean;
}

export function insertedCookie({
  cookie = 'SERVERID',
  form = 'plain',
  secret = '',
  maxAgeUs,
  insist = false,
}: InsertedCookieOptions = {}): AffinityPolicy {
  const valueOf = cookieForm(form, secret);
  const values = new Map<Backend, string>();
  let bound = new Map<string, Backend>();

  function nameOf(backend: Backend): string {
    const known = values.get(backend);
    if (known !== undefined) return known;
    const value = valueOf(backend);
    values.set(backend, value);
    return value;
  }

  return {
    onPoolChange(backends) {
      bound = new Map(backends.map((backend) => [nameOf(backend), backend]));
      // Who has left is forgotten; who is only unhealthy is named again when it returns.
      for (const backend of values.keys()) if (bound.get(nameOf(backend)) !== backend) values.delete(backend);
    },
    find(_, request) {
      const value = cookieOf(request, cookie);
      const backend = value === undefined ? undefined : bound.get(value);
      return backend !== undefined && !insist && request.tried.includes(backend) ? undefined : backend;
    },
    remember(backend, request) {
      const value = nameOf(backend);
      return cookieOf(request, cookie) === value ? undefined : setCookie(cookie, value, maxAgeUs);
    },
  };
}

/** The text of a Set-Cookie header. Ages are in whole seconds. */
export function setCookie(name: string, value: string, maxAgeUs?: number): string {
  const age = maxAgeUs === undefined ? '' : `; Max-Age=${Math.ceil(maxAgeUs / 1_000_000)}`;
  return `${name}=${value}; Path=/${age}`;
}
