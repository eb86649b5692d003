import type { VectorFamily } from './finding.ts';

export const leastLoaded: VectorFamily = { vectors: {}, recordings: [] };
