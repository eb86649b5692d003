import { exp, ln } from '../core/maths.ts';
import type { Rng } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { rewrite } from '../core/request.ts';
import type { RequestView } from '../core/request.ts';
import type { Scenario } from './scenario.ts';

type Keys = NonNullable<Scenario['clients'][number]['requests'][number]['keys']>;

/** Keys 1 to `count`, drawn evenly or by Zipf's law: the k-th is asked for in proportion to k^-exponent. Answers the number of the key. */
export function keyDraw({ count, zipf }: Keys): (rng: Rng) => number {
  if (zipf === undefined || zipf === 0) return (rng) => 1 + rng.int(count);
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let key = 1; key <= count; key++) cumulative[key - 1] = sum += exp(-zipf * ln(key));
  return (rng) => 1 + firstAbove(cumulative, rng.float() * sum);
}

function firstAbove(cumulative: Float64Array, point: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The people behind a client: an address and a cookie jar each. */
export class Users {
  readonly count: number;
  private readonly userRng: Rng;
  private readonly keyRng: Rng;
  /** By user, what is in the jar: cookie by name. */
  private readonly jars = new Map<number, Map<string, string>>();

  constructor(count: number, rng: Prng) {
    this.count = count;
    this.userRng = rng.fork('users');
    this.keyRng = rng.fork('keys');
  }

  /** Who sends the next request. */
  next(): number {
    return this.count === 1 ? 0 : this.userRng.int(this.count);
  }

  /** Draws the number of a key; undefined where there are none. */
  drawKey(draw: ((rng: Rng) => number) | undefined): number | undefined {
    return draw?.(this.keyRng);
  }

  /** Puts into the request what is its own: the key in place of `{key}`, and the cookies of its user. */
  fill(view: RequestView, user: number, keyNumber: number | undefined): void {
    if (keyNumber !== undefined) {
      const key = String(keyNumber);
      const path = view.path.replaceAll('{key}', key);
      rewrite(view, mentionsKey(view.headers) ? { path, headers: withKey(view.headers, key) } : { path });
    }
    const jar = this.jars.get(user);
    if (jar === undefined || jar.size === 0) return;
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
    const own = view.headers['cookie'];
    if (own !== undefined) cookies.unshift(own);
    rewrite(view, { headers: { ...view.headers, cookie: cookies.join('; ') } });
  }

  /** A response to the user sets a cookie, in the words of Set-Cookie. Max-Age=0 takes it out again. */
  keep(user: number, setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    if (at < 1) return;
    let jar = this.jars.get(user);
    if (jar === undefined) {
      jar = new Map<string, string>();
      this.jars.set(user, jar);
    }
    if (attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0')) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

function mentionsKey(headers: Readonly<Record<string, string>>): boolean {
  for (const name in headers) if (headers[name]!.includes('{key}')) return true;
  return false;
}

function withKey(headers: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{key}', key)]));
}
