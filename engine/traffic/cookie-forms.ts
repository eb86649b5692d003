import { bytesOf } from '../core/hashes/bytes.ts';
import { md5 } from '../core/hashes/md5.ts';
import { hmacSha256, sha256 } from '../core/hashes/sha256.ts';
import type { Backend } from '../core/policy.ts';

/** How systems name a backend in the value of a cookie, so that it can be found again and its address need not be told. */

/** nginx, `sticky cookie` and `route`: what `sid` is when the server line does not say. */
export function nginxRouteId(address: string): string {
  return md5(bytesOf(address));
}

/** Caddy, `lb_policy cookie`. Without a secret the key is empty, and anybody can compute it. */
export function caddyCookieValue(address: string, secret = ''): string {
  return hmacSha256(secret, address);
}

/** Traefik, sticky cookies since version 3: the first 64 bits. */
export function traefikCookieValue(name: string): string {
  return sha256(name).slice(0, 16);
}

export const COOKIE_FORMS = ['plain', 'nginx', 'caddy', 'traefik'] as const;

/** `plain`: the backend's own id, as HAProxy's `cookie` on a server line commonly has it. */
export function cookieForm(form: (typeof COOKIE_FORMS)[number], secret: string): (backend: Backend) => string {
  switch (form) {
    case 'plain':
      return ({ id }) => id;
    case 'nginx':
      return ({ address }) => nginxRouteId(address);
    case 'caddy':
      return ({ address }) => caddyCookieValue(address, secret);
    case 'traefik':
      return ({ id }) => traefikCookieValue(id);
  }
}
