/**
 * @misconception Whoever drains takes nobody any more, so its sessions move at once.
 * @fails Wrong answer: a session leaves its backend
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function leavesTheDraining(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  const homeOf = (header: string | undefined) => homes.get(valueOf('SERVERID', header) ?? '');
  return {
    skipsDraining: true,
    find(backends, request) {
      const home = homeOf(request.headers['cookie']);
      return home !== undefined && backends.includes(home) && !request.tried.includes(home) ? home : undefined;
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
