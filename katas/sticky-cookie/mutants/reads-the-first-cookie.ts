/**
 * @misconception The header holds one cookie.
 * @fails Wrong answer: a session is not remembered
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function readsTheFirst(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  const first = (header = '') => header.split(';')[0]!.split('=')[1] ?? '';
  return {
    find(backends, request) {
      const home = homes.get(first(request.headers['cookie']));
      return home !== undefined && backends.includes(home) && !request.tried.includes(home) ? home : undefined;
    },
    remember(backend, request, ctx) {
      if (request.headers['cookie'] !== undefined) return undefined;
      const ticket = ctx.rng.int(0x100000000).toString(16);
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
