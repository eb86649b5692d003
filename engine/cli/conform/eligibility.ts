import type { VectorFamily } from './finding.ts';

export const eligibility: VectorFamily = { vectors: {}, recordings: [] };
