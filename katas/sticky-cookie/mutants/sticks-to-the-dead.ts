/**
 * @misconception Sticky means sticky: the session goes to its backend whatever happens.
 * @fails Wrong answer: find() returned something that is no possible answer
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function sticksToTheDead(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  return {
    find: (backends, request) => homes.get(valueOf('SERVERID', request.headers['cookie']) ?? ''),
    remember(backend, request, ctx) {
      const held = valueOf('SERVERID', request.headers['cookie']) ?? '';
      if (homes.has(held)) return undefined;
      const ticket = ctx.rng.int(0x100000000).toString(16);
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
