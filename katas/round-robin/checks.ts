import { exactCycle, neverDeclines } from 'ballast';
import type { Check } from 'ballast';

export const checks: readonly Check[] = [neverDeclines(), exactCycle()];
