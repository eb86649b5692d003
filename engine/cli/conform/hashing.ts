import type { VectorFamily } from './finding.ts';

export const hashing: VectorFamily = { vectors: {}, recordings: [] };
