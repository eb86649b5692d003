import { flowHash } from '../core/flow.ts';
import type { Flow } from '../core/policy.ts';
import { hashThreshold, modulo, resilientTable, withHop, withoutHop } from './ecmp.ts';
import { NOBODY } from './entry.ts';
import type { EcmpWords } from './scenario-layer4.ts';

/** The next hops of a router that are in use, and which of them a flow goes to. Their order is that of their numbers. */
export class EcmpGroup {
  private readonly hashing: EcmpWords['hashing'];
  private readonly buckets: number;
  private readonly seed: number;
  private hops: readonly number[];
  private table: Int32Array | undefined;

  constructor({ hashing, buckets }: EcmpWords, seed: number, hops: readonly number[]) {
    this.hashing = hashing;
    this.buckets = buckets;
    this.seed = seed;
    this.hops = hops;
    this.table = hashing === 'resilient' && hops.length > 0 ? resilientTable(buckets, hops) : undefined;
  }

  /** Takes the hop in or out. Answers whether that changes anything. */
  set(hop: number, usable: boolean): boolean {
    if (usable === this.hops.includes(hop)) return false;
    const others = this.hops.filter((other) => other !== hop);
    this.hops = usable ? [...others, hop].sort((a, b) => a - b) : others;
    if (this.hashing === 'resilient' && this.hops.length > 0) {
      if (this.table === undefined || others.length === 0) this.table = resilientTable(this.buckets, this.hops);
      else if (usable) this.table = withHop(this.table, hop, this.hops.length);
      else this.table = withoutHop(this.table, hop, this.hops);
    }
    return true;
  }

  has(hop: number): boolean {
    return this.hops.includes(hop);
  }

  /** NOBODY: there is no hop. */
  hopOf(flow: Flow): number {
    const { hops, hashing } = this;
    if (hops.length === 0) return NOBODY;
    const hash = flowHash(flow, this.seed);
    switch (hashing) {
      case 'modulo':
        return hops[modulo(hash, hops.length)]!;
      case 'hash-threshold':
        return hops[hashThreshold(hash, SPACE, hops.length)]!;
      case 'resilient':
        return this.table![hash % this.buckets]!;
    }
  }
}

/** Of the hashes. */
export const SPACE = 0x1_0000_0000;
