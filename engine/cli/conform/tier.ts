import type { VectorFamily } from './finding.ts';

export const tier: VectorFamily = { vectors: {}, recordings: [] };
