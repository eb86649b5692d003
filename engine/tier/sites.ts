import type { Site } from '../core/policy.ts';

/** Indices of the sites to answer with: the healthy ones. When none is, all: a doubtful address is better than no name. */
export function answerable(sites: readonly Site[]): number[] {
  const all = [...sites.keys()];
  const healthy = all.filter((site) => sites[site]!.healthy);
  return healthy.length > 0 ? healthy : all;
}

/** Nearest first; of equally near ones the first of the list. */
export function byDistance(indices: readonly number[], distancesUs: readonly number[]): number[] {
  return indices.toSorted((one, other) => distancesUs[one]! - distancesUs[other]! || one - other);
}

export function idsOf(sites: readonly Site[], indices: readonly number[]): string[] {
  return indices.map((site) => sites[site]!.id);
}

/** What an answer may be kept for unless options say otherwise: a minute, as most of these services set it. */
export const TTL_US = 60_000_000;
