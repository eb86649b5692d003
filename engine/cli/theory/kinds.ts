import { balls } from './balls.ts';
import { blackhole } from './blackhole.ts';
import { drain, joinFlood, slowStart } from './changes.ts';
import { detection } from './detection.ts';
import { available, critical, jain, little, omission, peakEwma, sequences } from './facts.ts';
import { failover } from './failover.ts';
import { multipath } from './multipath.ts';
import { names } from './names.ts';
import { layers, metastable, rateLimit, retrying } from './overload.ts';
import { queueing } from './queueing.ts';
import { jumpVectors, remap } from './remap.ts';
import { rings } from './rings.ts';
import type { Kind } from './row.ts';
import { boundedRings, maglevTables } from './tables.ts';

/** The first that takes a row measures it. */
export const KINDS: readonly Kind[] = [
  queueing,
  balls,
  rings,
  boundedRings,
  maglevTables,
  remap,
  jumpVectors,
  multipath,
  detection,
  blackhole,
  failover,
  names,
  retrying,
  layers,
  rateLimit,
  metastable,
  slowStart,
  joinFlood,
  drain,
  jain,
  available,
  sequences,
  peakEwma,
  critical,
  little,
  omission,
];
