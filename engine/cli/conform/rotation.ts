import type { VectorFamily } from './finding.ts';
import { rotationRecordings } from './rotation-recordings.ts';
import { rotationVectors } from './rotation-vectors.ts';

export const rotation: VectorFamily = { vectors: rotationVectors, recordings: rotationRecordings };
