import type { AffinityPolicy, Backend } from 'ballast';

/** So many tickets are kept; the oldest makes room. A ticket that was replaced stays good for requests that are on their way with it. */
const MOST = 10_000;

/** The cookie is a random ticket. It says nothing by itself: only who was given it is found in the table. */
export default function stickyCookie(): AffinityPolicy {
  const homes = new Map<string, Backend>();

  return {
    find(backends, request) {
      const home = homes.get(valueOf('SERVERID', request.headers['cookie']) ?? '');
      return home !== undefined && backends.includes(home) && !request.tried.includes(home) ? home : undefined;
    },
    remember(backend, request, { rng }) {
      const held = valueOf('SERVERID', request.headers['cookie']) ?? '';
      if (homes.get(held) === backend) return undefined;
      const ticket = rng.int(0x100000000).toString(16) + rng.int(0x100000000).toString(16);
      homes.set(ticket, backend);
      if (homes.size > MOST) homes.delete(homes.keys().next().value!);
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
