import type { AffinityPolicy } from 'ballast';

export default function stickyCookie(): AffinityPolicy {
  return {
    find(backends, request, ctx) {
      return undefined;
    },
    remember(backend, request, ctx) {
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
