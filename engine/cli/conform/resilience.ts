import type { VectorFamily } from './finding.ts';

export const resilience: VectorFamily = { vectors: {}, recordings: [] };
