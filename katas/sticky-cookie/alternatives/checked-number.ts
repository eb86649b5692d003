import type { AffinityPolicy, Backend } from 'ballast';

/** A number that counts up, and behind it a keyed sum over it: the sum cannot be made without the key, which is drawn once. */
export default function stickyCookie(): AffinityPolicy {
  let key: number | undefined;
  let last = 0;
  const homes: Backend[] = [];

  const seal = (n: number) => {
    let h = Math.imul(n ^ key!, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
    return `${n}-${((h ^ (h >>> 13)) >>> 0).toString(16)}`;
  };
  const numberOf = (value: string | undefined) => {
    const n = Number(value?.split('-')[0]);
    return key !== undefined && n > 0 && n <= last && seal(n) === value ? n : undefined;
  };

  return {
    find(backends, request) {
      const n = numberOf(valueOf('SERVERID', request.headers['cookie']));
      const home = n === undefined ? undefined : homes[n];
      if (home === undefined || request.tried.includes(home)) return undefined;
      return backends.includes(home) ? home : undefined;
    },
    remember(backend, request, { rng }) {
      key ??= rng.int(0x100000000);
      const n = numberOf(valueOf('SERVERID', request.headers['cookie']));
      if (n !== undefined && homes[n] === backend) return undefined;
      last += 1;
      homes[last] = backend;
      return `SERVERID=${seal(last)}; Path=/`;
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
