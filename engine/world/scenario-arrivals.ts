import { z } from 'zod';
import { distribution } from './scenario-distribution.ts';
import { durationUs, positiveUs } from './scenario-words.ts';

/** When requests leave a client, each kind with the way it is drawn. Rates are requests per second. */

const rateRps = z.number().positive();
const anyRate = z.number().nonnegative();

const rising = <Value>(of: (value: Value) => number) =>
  [
    (list: readonly Value[]) => list.every((value, at) => at === 0 || of(value) >= of(list[at - 1]!)),
    { message: 'times that never go back' },
  ] as const;

const point = z.strictObject({ atUs: durationUs, rateRps: anyRate });

/** Open loop, unless said otherwise: requests arrive whether or not earlier ones were answered. */
export const arrivals = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('poisson'), rateRps }),
  /** Equally spaced. */
  z.strictObject({ kind: z.literal('constant'), rateRps }),
  /** `size` requests at once, at the times of a Poisson process; `rateRps` counts requests. */
  z.strictObject({ kind: z.literal('batches'), rateRps, size: z.int().min(1).max(10_000) }),
  /** Poisson whose rate depends on a hidden state. States follow each other in a circle and last exponentially: two are an MMPP-2, one of them silent an on/off source (IPP). */
  z.strictObject({
    kind: z.literal('modulated'),
    states: z
      .array(z.strictObject({ rateRps: anyRate, meanUs: positiveUs }))
      .min(2)
      .refine((states) => states.some((state) => state.rateRps > 0), { message: 'a state with a rate above 0' }),
  }),
  /** A day: Poisson whose rate is `rateRps` (1 + swing sin(2 pi (t + phaseUs) / periodUs)). */
  z.strictObject({
    kind: z.literal('sinusoid'),
    rateRps,
    swing: z.number().min(0).max(1).default(0.5),
    periodUs: positiveUs,
    phaseUs: durationUs.default(0),
  }),
  /**
   * Poisson whose rate runs through these points, in straight lines or in `steps`. Before the first point its rate holds, after the last one that one's; with `repeat`
   * it all begins again there.
   */
  z.strictObject({
    kind: z.literal('rate-table'),
    points: z
      .array(point)
      .min(1)
      .refine(...rising<{ atUs: number }>(({ atUs }) => atUs)),
    shape: z.enum(['lines', 'steps']).default('lines'),
    repeat: z.boolean().default(false),
  }),
  /** Poisson at `rateRps`; from `atUs` it climbs to `peakRps`, stays, and falls back by half every `halveUs`. */
  z.strictObject({
    kind: z.literal('flash-crowd'),
    rateRps,
    peakRps: rateRps,
    atUs: durationUs,
    rampUs: positiveUs,
    holdUs: durationUs.default(0),
    halveUs: positiveUs,
  }),
  /** Recorded: at these times; `everyUs` repeats the record with that period. */
  z
    .strictObject({
      kind: z.literal('recorded'),
      timesUs: z
        .array(durationUs)
        .min(1)
        .refine(...rising<number>((atUs) => atUs)),
      everyUs: positiveUs.optional(),
    })
    .refine(({ timesUs, everyUs }) => everyUs === undefined || everyUs >= timesUs.at(-1)!, {
      path: ['everyUs'],
      message: 'at least the last of the times',
    }),
  /** Closed loop: each of the client's users sends, waits for the end, thinks, and sends again. */
  z.strictObject({ kind: z.literal('closed'), think: distribution }),
  /** Closed loop with a plan: the users together mean to send at this rate, equally spaced, and each waits for the end of its last request. (wrk2, most load generators.) */
  z.strictObject({ kind: z.literal('paced'), rateRps }),
  /** The same record written as the gaps before each request, the first from the start of the run. */
  z
    .strictObject({
      kind: z.literal('recorded-gaps'),
      gapsUs: z.array(durationUs).min(1),
      repeat: z.boolean().default(false),
    })
    .refine(({ gapsUs, repeat }) => !repeat || gapsUs.some((gapUs) => gapUs > 0), {
      path: ['gapsUs'],
      message: 'a gap above 0, if they repeat',
    }),
]);
