import type { Clock } from '../../balancer/context.ts';
import type { Rng } from '../../core/policy.ts';
import type { Prng } from '../../core/prng.ts';
import type { Alarms, Row } from '../alarms.ts';
import type { Answer, NameServer } from './name-server.ts';

/** Who keeps an answer longer than it may. */
export interface Overstay {
  /** This share of the keepers does. */
  readonly share: number;
  /** They keep each answer for at least so long; Infinity: for ever. */
  readonly forUs: number;
}

export interface CachesSpec {
  /** So many caches, each for itself. */
  readonly count: number;
  /** `expiry`: as soon as an answer expires (a busy cache, or one that prefetches). `demand`: when somebody asks after that. */
  readonly refetch: 'expiry' | 'demand';
  readonly overstay: Overstay;
  /** Is the order of several addresses turned with each question? Most do so. */
  readonly rotates: boolean;
  /**
   * For each kind of asker that the name server can tell apart its round trips to the sites: one for the resolver's own place, or with ECS one for each place
   * of its users.
   */
  readonly distancesUs: readonly (readonly number[])[];
}

/**
 * The caches of one group of recursive resolvers. At the start each holds an answer of which a random part of the TTL is over, as if they had run
 * for long: caches that all began now would all expire at once.
 */
export class Caches {
  private readonly clock: Clock;
  private readonly nameServer: NameServer;
  private readonly spec: CachesSpec;
  private readonly answers: Answer[] = [];
  private readonly untilUs: number[] = [];
  private readonly turns: number[] = [];
  private readonly overstays: readonly boolean[];
  private readonly row: Row;

  constructor(spec: CachesSpec, nameServer: NameServer, clock: Clock, alarms: Alarms, rng: Prng) {
    this.spec = spec;
    this.nameServer = nameServer;
    this.clock = clock;
    this.overstays = whoOverstays(spec.count, spec.overstay, rng.fork('overstay'));
    const slots = spec.count * spec.distancesUs.length;
    this.row = alarms.row(slots, (slot) => {
      this.fetch(slot);
    });
    const phases = rng.fork('phases');
    for (let slot = 0; slot < slots; slot++) this.fetch(slot, phases);
  }

  /** The site that the next asker of this kind is sent to by this cache. */
  lookUp(cache: number, kind: number): number {
    const slot = cache * this.spec.distancesUs.length + kind;
    if (this.clock.nowUs >= this.untilUs[slot]!) this.fetch(slot);
    const { sites } = this.answers[slot]!;
    if (!this.spec.rotates || sites.length === 1) return sites[0]!;
    return sites[this.turns[slot]!++ % sites.length]!;
  }

  /** `phases`: of an answer that was fetched before the run a part of the time is over. */
  private fetch(slot: number, phases?: Rng): void {
    const { distancesUs, overstay, refetch } = this.spec;
    const kinds = distancesUs.length;
    const answer = this.nameServer.ask(distancesUs[slot % kinds]!);
    const stays = this.overstays[Math.floor(slot / kinds)]!;
    const keptUs = stays ? Math.max(answer.ttlUs, overstay.forUs) : answer.ttlUs;
    const leftUs = phases === undefined ? keptUs : partOf(keptUs, phases);
    this.answers[slot] = answer;
    this.turns[slot] = 0;
    this.untilUs[slot] = this.clock.nowUs + leftUs;
    if (refetch === 'expiry' && leftUs > 0) this.row.set(slot, this.untilUs[slot]);
  }
}

/** Uniform from 1 to the whole; of eternity nothing is ever over. */
function partOf(wholeUs: number, rng: Rng): number {
  return wholeUs === Infinity ? wholeUs : Math.ceil(wholeUs * (1 - rng.float()));
}

/** Draws who overstays. */
export function whoOverstays(count: number, { share }: Overstay, rng: Rng): boolean[] {
  return Array.from({ length: count }, () => share > 0 && rng.float() < share);
}
