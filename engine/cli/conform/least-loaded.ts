import type { VectorFamily } from './finding.ts';
import { latencyVectors } from './latency-vectors.ts';
import { choiceVectors } from './choice-vectors.ts';
import { leastLoadedRecordings } from './least-loaded-recordings.ts';

export const leastLoaded: VectorFamily = {
  vectors: { ...choiceVectors, ...latencyVectors },
  recordings: leastLoadedRecordings,
};
