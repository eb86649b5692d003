import type { VectorFamily } from './finding.ts';
import { limitRecordings, limitVectors } from './limits.ts';
import { stickinessRecordings, stickinessVectors } from './stickiness.ts';

export const traffic: VectorFamily = {
  vectors: { ...limitVectors, ...stickinessVectors },
  recordings: [...limitRecordings!, ...stickinessRecordings!],
};
