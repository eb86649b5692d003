import type { VectorFamily } from './finding.ts';

export const health: VectorFamily = { vectors: {}, recordings: [] };
