import { z } from 'zod';
import { durationUs, positiveUs } from './scenario-words.ts';

const inOrder = (bounds: { minUs: number; maxUs: number }) => bounds.minUs <= bounds.maxUs;
const orderRule = { path: ['maxUs'], message: 'at least minUs' };

/** A random duration. `scv` is the squared coefficient of variation: variance / mean^2. */
export const distribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), valueUs: durationUs }),
  z.strictObject({ kind: z.literal('uniform'), minUs: durationUs, maxUs: durationUs }).refine(inOrder, orderRule),
  z.strictObject({ kind: z.literal('exponential'), meanUs: positiveUs }),
  z.strictObject({ kind: z.literal('lognormal'), meanUs: positiveUs, scv: z.number().positive() }),
  z
    .strictObject({
      kind: z.literal('bounded-pareto'),
      shape: z.number().positive(),
      minUs: positiveUs,
      maxUs: positiveUs,
    })
    .refine(inOrder, orderRule),
  /** `probability` of `valueUs`, otherwise `elseUs`. */
  z.strictObject({
    kind: z.literal('bernoulli'),
    probability: z.number().min(0).max(1),
    valueUs: durationUs,
    elseUs: durationUs,
  }),
  /** Drawn from recorded values, each as likely as the others. */
  z.strictObject({ kind: z.literal('empirical'), valuesUs: z.array(durationUs).min(1) }),
]);

export type Distribution = z.output<typeof distribution>;
