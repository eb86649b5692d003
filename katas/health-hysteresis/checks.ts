import { exactThresholds, noFlapping } from 'ballast';
import type { Check } from 'ballast';

export const checks: readonly Check[] = [noFlapping(), exactThresholds()];
