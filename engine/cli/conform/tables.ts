import type { VectorFamily } from './finding.ts';

export const tables: VectorFamily = { vectors: {}, recordings: [] };
