/**
 * @misconception An address tells clients apart, so no cookie is needed.
 * @fails Wrong answer: a session is not remembered
 */
import type { AffinityPolicy, Backend } from 'ballast';

export default function byAddress(): AffinityPolicy {
  const homes = new Map<string, Backend>();
  return {
    find(backends, request) {
      const home = homes.get(request.sourceAddress);
      return home !== undefined && backends.includes(home) ? home : undefined;
    },
    remember(backend, request) {
      homes.set(request.sourceAddress, backend);
      return undefined;
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
