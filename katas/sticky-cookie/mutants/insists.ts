/**
 * @misconception A session belongs to its backend, so a retry goes there as well.
 * @fails Wrong answer: a session insists on a backend that has just failed
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function insists(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  const homeOf = (header: string | undefined) => homes.get(valueOf('SERVERID', header) ?? '');
  return {
    find(backends, request) {
      const home = homeOf(request.headers['cookie']);
      return home !== undefined && backends.includes(home) ? home : undefined;
    },
    remember(backend, request, ctx) {
      if (homeOf(request.headers['cookie']) === backend) return undefined;
      const ticket = `${ctx.rng.int(2 ** 32)}-${ctx.rng.int(2 ** 32)}`;
      homes.set(ticket, backend);
      return `SERVERID=${ticket}`;
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
