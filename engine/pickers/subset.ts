/**
 * Subsetting: each client uses a fixed few of many backends and leaves the choice among those to another picker. Fewer connections, and fewer to check.
 *
 * `random`: those with the highest hash of the client's name and theirs (rendezvous), so that a lost backend is replaced by one and nothing else changes.
 * `deterministic`: clients form rounds; each round shuffles the backends in its own way and deals them out in hands of `size`. Within a round no backend is
 * dealt twice, so the numbers of clients on any two backends differ by at most one per round.
 *
 * Options: `form`; `size`, 20 unless said; `client`, this balancer's number from 0.
 *
 * Cost: as the picker inside; O(n log n) a change of the members.
 *
 * Fails when: random and small: by chance some backends get many clients and some none. When all of a subset are out, all eligible ones are used.
 *
 * Source: Site Reliability Engineering (Google, 2016), chapter 20, for the deterministic one; gRPC proposal A68 for the random one.
 *
 * Real systems: gRPC random_subsetting; Envoy's has an interface without an implementation. Both leave the seed to the implementation: here it is the round's number.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { CandidateOrder } from './candidate-order.ts';

export interface SubsetOptions {
  readonly form?: 'random' | 'deterministic';
  readonly size?: number;
  readonly client?: number;
}

export function subset(inner: Picker, { form = 'deterministic', size = 20, client = 0 }: SubsetOptions = {}): Picker {
  invariant(Number.isInteger(client), `subset: clients are numbered 0, 1, 2 …; found ${client}`);
  let mine = new Set<Backend>();
  let inside: readonly Backend[] = [];
  let told = false;

  const choose = (members: readonly Backend[]) => {
    mine = new Set(
      form === 'random' ? randomSubset(members, size, client) : deterministicSubset(members, size, client),
    );
  };

  return {
    ...inner,
    onMembersChange(members, ctx) {
      told = true;
      choose(members);
      inner.onMembersChange?.(members, ctx);
    },
    onPoolChange(backends, ctx) {
      if (!told) choose(backends);
      const left = backends.filter((backend) => mine.has(backend));
      inside = left.length > 0 ? left : backends.slice();
      inner.onPoolChange?.(inside, ctx);
    },
    pick: (_backends, request, ctx) => inner.pick(inside, request, ctx),
  };
}

export function deterministicSubset<T>(members: readonly T[], size: number, client: number): T[] {
  const hands = Math.max(1, Math.floor(members.length / size));
  const order = new CandidateOrder();
  order.start(Math.floor(client / hands), members.length);
  const shuffled = members.map(() => members[order.next()]!);
  const hand = client % hands;
  return shuffled.slice(hand * size, (hand + 1) * size);
}

export function randomSubset(members: readonly Backend[], size: number, client: number): Backend[] {
  const ranked = members.map((member) => {
    const { hi, lo } = xxh64(bytesOf(`${client}/${member.address}`), SEED_0, hash);
    return { member, hi: hi >>> 0, lo: lo >>> 0 };
  });
  ranked.sort((a, b) => b.hi - a.hi || b.lo - a.lo);
  return ranked.slice(0, size).map(({ member }) => member);
}

const hash = new Word64();
