import type { Kind } from '../row.ts';
import * as alerts from './alerts.ts';
import * as changes from './changes.ts';
import * as checks from './checks.ts';
import * as keys from './keys.ts';
import * as mixedPool from './mixed-pool.ts';
import * as pools from './pools.ts';
import * as tiers from './tiers.ts';
import * as turns from './turns.ts';

/** Of worked examples: the first that takes one measures it. */
export const WORKED: readonly Kind[] = [turns, pools, mixedPool, checks, tiers, changes, keys, alerts].flatMap((part) =>
  Object.values<Kind>(part),
);
