/**
 * Affinity by an inserted cookie that is signed and runs out: `backend.until.signature`, the signature being an HMAC of the rest. So a client can neither choose its
 * backend nor stay longer than it may, and the balancer keeps nothing about it.
 *
 * Cost: O(1) a request; a signature is made once for each new cookie and checked once while it is among the last 10,000 seen. A change of the pool O(n).
 *
 * Fails when: the secret is lost or differs between balancers: all clients are strangers, and are spread anew.
 *
 * Source: AWS ALB duration-based stickiness, whose cookie is encrypted and renewed with each response (`renew` here); RFC 2104 for the signature, of which 64 bits
 * are kept: guessing one takes 2^63 requests.
 *
 * Real systems: HAProxy dates cookies instead (`maxidle`, `maxlife`) and can encrypt none; Envoy's stateful session cookie is encoded and not signed.
 */
import { hmacSha256 } from '../core/hashes/sha256.ts';
import type { AffinityPolicy, Backend } from '../core/policy.ts';
import { setCookie } from './inserted-cookie.ts';
import { recentKeys } from './recent-keys.ts';
import { cookieOf } from './request-key.ts';

export interface SignedCookieOptions {
  readonly cookie?: string;
  readonly secret?: string;
  readonly maxAgeUs?: number;
  /** Set a new one with each response, so that only who stays away is forgotten. */
  readonly renew?: boolean;
}

const SIGNATURE_DIGITS = 16;
const CHECKED = 10_000;

export function signedCookie({
  cookie = 'BALLAST',
  secret = 'change me',
  maxAgeUs = 86_400_000_000,
  renew = false,
}: SignedCookieOptions = {}): AffinityPolicy {
  let bound = new Map<string, Backend>();
  /** Values whose signature is known to be right. */
  const right = recentKeys(CHECKED);

  const sign = (text: string): string => `${text}.${hmacSha256(secret, text).slice(0, SIGNATURE_DIGITS)}`;

  /** The id of the backend a cookie names, if it is genuine and has not run out. */
  function named(value: string, nowUs: number): string | undefined {
    const text = value.slice(0, value.lastIndexOf('.'));
    const dot = text.lastIndexOf('.');
    if (dot < 0 || !(Number(text.slice(dot + 1)) * 1_000_000 > nowUs)) return undefined;
    if (right.peek(value) < 0) {
      if (sign(text) !== value) return undefined;
      right.use(value);
    }
    return text.slice(0, dot);
  }

  return {
    onPoolChange(backends) {
      bound = new Map(backends.map((backend) => [backend.id, backend]));
    },
    find(_, request, ctx) {
      const value = cookieOf(request, cookie);
      const id = value === undefined ? undefined : named(value, ctx.nowUs);
      const backend = id === undefined ? undefined : bound.get(id);
      return backend !== undefined && request.tried.includes(backend) ? undefined : backend;
    },
    remember(backend, request, ctx) {
      const value = cookieOf(request, cookie);
      if (!renew && value !== undefined && named(value, ctx.nowUs) === backend.id) return undefined;
      const untilSeconds = Math.ceil((ctx.nowUs + maxAgeUs) / 1_000_000);
      const fresh = sign(`${backend.id}.${untilSeconds}`);
      right.use(fresh);
      return setCookie(cookie, fresh, maxAgeUs);
    },
  };
}
