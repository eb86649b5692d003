/**
 * @misconception The cookie names the backend, and whoever has it must have got it from us.
 * @fails Wrong answer: a forged cookie is believed
 */
import type { AffinityPolicy } from 'ballast';

export default function trusts(): AffinityPolicy {
  return {
    find(backends, request) {
      const id = valueOf('SERVERID', request.headers['cookie']);
      return backends.find((backend) => backend.id === id && !request.tried.includes(backend));
    },
    remember: (backend, request) =>
      valueOf('SERVERID', request.headers['cookie']) === backend.id ? undefined : `SERVERID=${backend.id}`,
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
