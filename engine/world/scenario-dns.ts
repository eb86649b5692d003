import { z } from 'zod';
import { count, durationUs, id, policy, positiveUs } from './scenario-words.ts';

/** This share keeps each answer for at least `forUs`, whatever its TTL. `forUs` absent: until the run ends. */
const overstay = z.strictObject({ share: z.number().min(0).max(1), forUs: positiveUs.optional() });

/** A group of recursive resolvers that are alike. */
const resolver = z.strictObject({
  id,
  /** Absent: near each of its users, so that the name server sees where they are. */
  place: z.string().min(1).optional(),
  /** So many caches; the users of a client are dealt out over them. */
  count: z.int().min(1).max(100_000).default(1000),
  /** `demand`: an answer that has expired is asked for again with the next question. `expiry`: at once (a busy cache, or one that prefetches). */
  refetch: z.enum(['demand', 'expiry']).default('demand'),
  /** Passes on where its users are (RFC 7871), and keeps an answer for each place. */
  ecs: z.boolean().default(false),
  /** Turns the addresses of an answer with each question, as most do. */
  rotates: z.boolean().default(true),
  overstay: overstay.optional(),
});

/** How the name server learns that a site has died, or is back. The defaults are Route 53's: every 30 s, three in a row, 4 s each. */
const check = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('probes'),
    intervalUs: positiveUs.default(30_000_000),
    timeoutUs: positiveUs.default(4_000_000),
    fall: count.default(3),
    rise: count.default(3),
  }),
  /** Always so much later. */
  z.strictObject({ kind: z.literal('after'), downUs: durationUs, upUs: durationUs.default(0) }),
]);

/** Clients ask for a name. The answer names sites, caches keep it, and a site that dies is asked for until they let go. */
export const dnsReach = z.strictObject({
  kind: z.literal('dns'),
  /** How the name server answers: a resolver policy, with its TTL. */
  policy: policy.prefault({ name: 'round-robin-dns' }),
  /** What one address stands for: a node, or all nodes of a region, which share their requests by the hash of the flow. */
  sites: z.enum(['node', 'region']).default('node'),
  /** What each site can take, for policies that look at it; by id of the node or name of the region. Absent: no bound. */
  capacityRps: z.record(z.string(), z.number().positive()).default({}),
  /** How often sites tell the name server their load. */
  loadEveryUs: positiveUs.default(10_000_000),
  check: check.prefault({ kind: 'probes' }),
  resolvers: z
    .array(resolver)
    .min(1)
    .prefault([{ id: 'isp' }]),
});

/** Of a client: whom it asks. */
export const asking = {
  /** The id of a group of resolvers. Absent: the first. */
  resolver: id.optional(),
  /** Users that keep an address themselves: programs that resolve once. */
  overstay: overstay.optional(),
};

export type DnsReach = z.output<typeof dnsReach>;
export type OverstaySpec = z.output<typeof overstay>;
