/** What HAProxy's hash methods hash, and how: options that map-based and consistent hashing share. */
import { Bytes, bytesOf } from '../core/hashes/bytes.ts';
import { crc32 } from '../core/hashes/crc32.ts';
import { djb2, fullHash, sdbm, wt6 } from '../core/hashes/haproxy.ts';
import { addAddress } from '../core/ip-address.ts';
import type { Request } from '../core/policy.ts';
import { DEFAULT_KEY, keyReader } from '../core/request-key.ts';

export const HAPROXY_FUNCTIONS = ['sdbm', 'djb2', 'wt6', 'crc32'] as const;

export interface HaproxyHashOptions {
  readonly key?: string;
  /** sdbm, if none is named. */
  readonly function?: (typeof HAPROXY_FUNCTIONS)[number];
  /** Put the hash through `fullHash`. */
  readonly avalanche?: boolean;
}

const FUNCTIONS: Readonly<Record<(typeof HAPROXY_FUNCTIONS)[number], (bytes: Bytes) => number>> = {
  sdbm,
  djb2,
  wt6,
  crc32: (bytes) => crc32(bytes),
};

/** Answers the function that hashes a request to 32 bits; it answers `undefined` where the request has no such key. */
export function haproxyHash({
  key = DEFAULT_KEY,
  function: name = 'sdbm',
  avalanche = false,
}: HaproxyHashOptions): (request: Request) => number | undefined {
  if (key === 'source') {
    const number = sourceNumber();
    return avalanche ? (request) => fullHash(number(request)) : number;
  }
  const hash = FUNCTIONS[name];
  // `balance uri` ends at the question mark.
  const read = keyReader(key === 'uri' ? 'path' : key);
  return (request) => {
    const text = read(request);
    if (text === undefined) return undefined;
    return avalanche ? fullHash(hash(bytesOf(text))) : hash(bytesOf(text));
  };
}

/** No function at all: the address itself as a number, an IPv6 one folded to 32 bits by exclusive or. */
function sourceNumber(): (request: Request) => number {
  const address = new Bytes();
  return ({ sourceAddress }) => {
    let number = 0;
    addAddress(sourceAddress, address.clear());
    for (let i = 0; i < address.length; i += 1) number ^= address.data[i]! << (24 - 8 * (i & 3));
    return number >>> 0;
  };
}
