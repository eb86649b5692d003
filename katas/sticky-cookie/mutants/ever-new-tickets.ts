/**
 * @misconception Each answer sets a cookie, whatever the client has.
 * @fails Wrong answer: a session is given a second cookie
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function everNewTickets(): AffinityPolicy {
  const homes = new Map<string, Backend>();

  return {
    find(backends, request) {
      const home = homes.get(valueOf('SERVERID', request.headers['cookie']) ?? '');
      return home !== undefined && backends.includes(home) && !request.tried.includes(home) ? home : undefined;
    },
    remember(backend, request, { rng }) {
      const ticket = rng.int(0x100000000).toString(16) + rng.int(0x100000000).toString(16);
      homes.set(ticket, backend);
      return `SERVERID=${ticket}; Path=/`;
    },
  };
}

/** The value of a cookie in a Cookie header; undefined if it is not there. */
function valueOf(name: string, header = ''): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}
