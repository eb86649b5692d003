/**
 * @misconception A name that is written backwards cannot be read, so it cannot be forged.
 * @fails Wrong answer: a forged cookie is believed
 */
import type { AffinityPolicy } from 'ballast';

const disguise = (id: string) => id.split('').reverse().join('');

export default function disguised(): AffinityPolicy {
  return {
    find(backends, request) {
      const value = valueOf('SERVERID', request.headers['cookie']);
      return backends.find((backend) => disguise(backend.id) === value && !request.tried.includes(backend));
    },
    remember: (backend, request) =>
      valueOf('SERVERID', request.headers['cookie']) === disguise(backend.id)
        ? undefined
        : `SERVERID=${disguise(backend.id)}`,
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
