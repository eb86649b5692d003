import { z } from 'zod';
import { durationUs } from './scenario-words.ts';

/** Where a client is: a region of the tier, or a place that `distances` names. Absent: everywhere at once, at no distance. */
export const place = z.string().min(1).optional();

/**
 * Round trips between two places, both ways alike; what clients, resolvers and nodes are apart beyond the network's own time. Two of which nothing is said
 * are at no distance.
 */
export const distances = z
  .array(z.strictObject({ between: z.tuple([z.string().min(1), z.string().min(1)]), roundTripUs: durationUs }))
  .default([]);

export type Distances = z.output<typeof distances>;
