import { neverDeclines, sharesWithin } from 'ballast';
import type { Check } from 'ballast';

/**
 * With the weights used here a smooth rotation is less than one pick ahead of its share while nothing changes. What was planned before a change of weights may come after
 * it, which is less than one pick more. Five in a row of ten are two and a half ahead.
 */
const MOST_AHEAD = 2;

export const checks: readonly Check[] = [neverDeclines(), sharesWithin(), sharesWithin({ slack: MOST_AHEAD })];
