/**
 * What a hashing picker hashes of a request: `source-address`, `source-address-and-port`, `connection`, `client`, `host`, `path`, or `header:<name>`. A request without
 * that header is hashed by its source address.
 */
import { invariant } from './invariant.ts';
import type { Request } from './policy.ts';

const PARTS: Readonly<Record<string, (request: Request) => string>> = {
  'source-address': ({ sourceAddress }) => sourceAddress,
  'source-address-and-port': ({ sourceAddress, sourcePort }) => `${sourceAddress}:${sourcePort}`,
  connection: ({ connection }) => String(connection),
  client: ({ client }) => client,
  host: ({ host }) => host,
  path: ({ path }) => path,
};

export const requestKeys: readonly string[] = [...Object.keys(PARTS), 'header:<name>'];

const HEADER = 'header:';

/** Is this the name of something to hash? */
export function isRequestKey(name: string): boolean {
  return Object.hasOwn(PARTS, name) || (name.startsWith(HEADER) && name.length > HEADER.length);
}

/** Answers the function that finds the key of a request. */
export function requestKey(name = 'source-address'): (request: Request) => string {
  invariant(isRequestKey(name), `A request has no key "${name}". There are: ${requestKeys.join(', ')}.`);
  if (!name.startsWith(HEADER)) return PARTS[name]!;
  const header = name.slice(HEADER.length).toLowerCase();
  return ({ headers, sourceAddress }) => headers[header] ?? sourceAddress;
}
