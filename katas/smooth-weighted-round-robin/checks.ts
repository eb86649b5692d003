import { neverDeclines, sharesWithin } from 'ballast';
import type { Check } from 'ballast';

/**
 * Smooth weighted round robin is less than one pick ahead of its share with the weights used here. What it owed before a change it may still pay
 * after it, at most half a pick more.
 */
const MOST_AHEAD = 1.5;

export const checks: readonly Check[] = [neverDeclines(), sharesWithin({ slack: MOST_AHEAD }), sharesWithin()];
