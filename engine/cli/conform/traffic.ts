import type { VectorFamily } from './finding.ts';
import { limitRecordings, limitVectors } from './limits.ts';

export const traffic: VectorFamily = {
  vectors: { ...limitVectors },
  recordings: [...limitRecordings!],
};
