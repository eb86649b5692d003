import type { VectorFamily } from './finding.ts';

export const rotation: VectorFamily = { vectors: {}, recordings: [] };
