import type { VectorFamily } from './finding.ts';

export const traffic: VectorFamily = { vectors: {}, recordings: [] };
