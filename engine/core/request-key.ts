/**
 * What a hashing picker hashes of a request: `source` (the client's address), `source-and-port`, `connection`, `client`, `host`, `uri` (path and query), `path` (without
 * the query), `header:<name>`, `cookie:<name>` or `query:<name>`.
 *
 * nginx: $remote_addr, $host, $request_uri, $uri, $http_name, $cookie_name, $arg_name. HAProxy: source, uri whole, uri, hdr(name), url_param name.
 */
import { invariant } from './invariant.ts';
import type { Request } from './policy.ts';

/** Answers the key of a request; `undefined`: it has no such header, cookie or parameter. */
export type KeyReader = (request: Request) => string | undefined;

const PARTS: Readonly<Record<string, (request: Request) => string>> = {
  source: ({ sourceAddress }) => sourceAddress,
  'source-and-port': ({ sourceAddress, sourcePort }) => `${sourceAddress}:${sourcePort}`,
  connection: ({ connection }) => String(connection),
  client: ({ client }) => client,
  host: ({ host }) => host,
  uri: ({ path }) => path,
  path: ({ path }) => path.slice(0, endOfPath(path)),
};

const NAMED: Readonly<Record<string, (name: string) => KeyReader>> = {
  header: (name) => headerReader(name.toLowerCase()),
  cookie:
    (name) =>
    ({ headers }) =>
      among(headers.cookie ?? '', 0, ';', name),
  query:
    (name) =>
    ({ path }) =>
      among(path, endOfPath(path) + 1, '&', name),
};

/** What is hashed unless something else is asked for: every request has it. */
export const DEFAULT_KEY = 'source';

export const requestKeys: readonly string[] = [
  ...Object.keys(PARTS),
  ...Object.keys(NAMED).map((kind) => `${kind}:<name>`),
];

/** Is this the name of something to hash? */
export function isRequestKey(name: string): boolean {
  if (Object.hasOwn(PARTS, name)) return true;
  const [kind, given] = split(name);
  return Object.hasOwn(NAMED, kind) && /^[^\s:;=&]+$/u.test(given);
}

/** Answers the function that finds the key of a request. */
export function keyReader(name: string): KeyReader {
  invariant(isRequestKey(name), `A request has no key "${name}". There are: ${requestKeys.join(', ')}.`);
  if (Object.hasOwn(PARTS, name)) return PARTS[name]!;
  const [kind, given] = split(name);
  return NAMED[kind]!(given);
}

/** As `keyReader`, but a request without that header, cookie or parameter is hashed by its source address. */
export function requestKey(name: string = DEFAULT_KEY): (request: Request) => string {
  const read = keyReader(name);
  return (request) => read(request) ?? request.sourceAddress;
}

function split(name: string): [string, string] {
  const colon = name.indexOf(':');
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)];
}

function headerReader(name: string): KeyReader {
  return name === 'host' ? ({ host }) => host : ({ headers }) => headers[name];
}

function endOfPath(path: string): number {
  const mark = path.indexOf('?');
  return mark === -1 ? path.length : mark;
}

/** The value of `name` in a list such as "a=1&b=2", from `start` on. */
function among(text: string, start: number, separator: string, name: string): string | undefined {
  for (let at = start; at < text.length;) {
    while (text[at] === ' ') at += 1;
    const next = text.indexOf(separator, at);
    const end = next === -1 ? text.length : next;
    const value = at + name.length + 1;
    if (value <= end && text[value - 1] === '=' && text.startsWith(name, at)) return text.slice(value, end);
    at = end + 1;
  }
  return undefined;
}
