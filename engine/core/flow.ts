import type { Backend, Flow } from './policy.ts';

/**
 * A number from 0 to 2^32 - 1 for a flow, spread evenly: each of its five numbers goes through the finalizer of MurmurHash3 (public domain). Routers have
 * hashes of their own, and a seed each, or all of them would split alike.
 */
export function flowHash(
  { sourceAddress, sourcePort, destinationAddress, destinationPort, protocol }: Flow,
  seed: number,
): number {
  let hash = mixed(seed ^ sourceAddress);
  hash = mixed(hash ^ destinationAddress);
  hash = mixed(hash ^ ((sourcePort << 16) | destinationPort));
  return mixed(hash ^ protocol) >>> 0;
}

/** Those who get new flows: a backend of weight 0 drains, and is there for the flows it has. */
export function takersOf(backends: readonly Backend[]): readonly Backend[] {
  return backends.every(({ weight }) => weight > 0) ? backends : backends.filter(({ weight }) => weight > 0);
}

function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) + 0x9e3779b9;
}
