/** The words that every part of a scenario's schema is written in. */
import { z } from 'zod';

/** Whole microseconds, 0 included. */
export const durationUs = z.int().nonnegative();
/** Whole microseconds, at least 1. */
export const positiveUs = z.int().positive();
export const count = z.int().positive();
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, starting with a letter or digit');
/** A policy by its name in the registry, and its options, which the registry checks. */
export const policy = z.strictObject({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) });
