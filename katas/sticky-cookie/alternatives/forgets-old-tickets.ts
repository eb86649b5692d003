import type { AffinityPolicy, Backend } from 'ballast';

const SPACE = 4_294_967_296;

/** A table of tickets with one for each session: who moves gets a new ticket, and the old one is void at once. */
export default function stickyCookie(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  return {
    find(backends, { headers, tried }) {
      const home = homes.get(ticketIn(headers['cookie']));
      return home !== undefined && backends.includes(home) && !tried.includes(home) ? home : undefined;
    },
    remember(backend, { headers }, { rng }) {
      const old = ticketIn(headers['cookie']);
      if (homes.get(old) === backend) return undefined;
      homes.delete(old);
      const ticket = [rng.int(SPACE), rng.int(SPACE)].map((part) => part.toString(36)).join('-');
      homes.set(ticket, backend);
      return `SERVERID=${ticket}; Path=/; HttpOnly`;
    },
  };
}

/** The first SERVERID of a Cookie header, or an empty text. */
function ticketIn(header = ''): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === 'SERVERID')?.[1] ?? '';
}
