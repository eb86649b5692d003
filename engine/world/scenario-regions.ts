import { z } from 'zod';

const at = { atUs: z.int().nonnegative() };
const region = { ...at, region: z.string().min(1) };

/** What happens to whole regions at a moment. */
export const regionActions = [
  /** All nodes and backends there are dead from one moment to the next, and say nothing. */
  z.strictObject({ do: z.literal('lose-region'), ...region }),
  z.strictObject({ do: z.literal('restore-region'), ...region }),
  /** Nobody new is sent there: the name server no longer answers with it, or its route is withdrawn. It works on for who still comes. */
  z.strictObject({ do: z.literal('drain-region'), ...region }),
  z.strictObject({ do: z.literal('undrain-region'), ...region }),
  /** Anycast: the region no longer announces the address, or does so again. */
  z.strictObject({ do: z.literal('withdraw-route'), ...region }),
  z.strictObject({ do: z.literal('announce-route'), ...region }),
  /** Anycast: the route is withdrawn and announced in turn, `times` times each, a change every `everyUs`. */
  z.strictObject({
    do: z.literal('flap-route'),
    ...region,
    times: z.int().min(1).max(1000).default(3),
    everyUs: z.int().positive().default(10_000_000),
  }),
] as const;

export type RegionAction = z.output<(typeof regionActions)[number]>;
