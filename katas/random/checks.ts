import { equalChance, neverDeclines, unpredictable } from 'ballast';
import type { Check } from 'ballast';

export const checks: readonly Check[] = [neverDeclines(), equalChance(), unpredictable()];
