import type { AffinityPolicy, Backend } from 'ballast';

/** A secret for each backend, drawn when it is first needed. All its clients share the ticket, so the table is as small as the pool. */
export default function stickyCookie(): AffinityPolicy {
  const secrets = new Map<Backend, string>();

  return {
    find(backends, request) {
      const value = valueOf('SERVERID', request.headers['cookie']);
      return backends.find(
        (backend) => value !== undefined && secrets.get(backend) === value && !request.tried.includes(backend),
      );
    },
    remember(backend, request, ctx) {
      let secret = secrets.get(backend);
      if (secret === undefined)
        secrets.set(backend, (secret = `${backend.id}.${ctx.rng.int(0x100000000).toString(16)}`));
      return valueOf('SERVERID', request.headers['cookie']) === secret ? undefined : `SERVERID=${secret}`;
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
