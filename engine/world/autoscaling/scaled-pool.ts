import type { Clock } from '../../balancer/context.ts';
import type { AutoscaleSpec } from '../scenario-autoscale.ts';
import type { BackendSpec, Servers } from '../servers.ts';
import type { Alarms, Row } from '../alarms.ts';
import type { Fleet } from './control-loop.ts';

/** What the loop does to the world. */
export interface Yard {
  /** A backend joins the pool. Answers its index. */
  join(spec: BackendSpec): number;
  /** It gets no new requests, and what is left after the time is cut off. */
  drain(backend: number, limitUs: number): void;
  remove(backend: number): void;
  /** Does it still belong to the pool, and nobody has told it to leave? */
  isMember(backend: number): boolean;
}

interface Member {
  readonly backend: number;
  readonly sinceUs: number;
  /** Requests that had come to it at the last sample. */
  came: number;
}

/** The backends of one pool, as an autoscaler has them. The newest is the first to go. */
export class ScaledPool implements Fleet {
  private readonly poolId: string;
  private readonly spec: AutoscaleSpec;
  /** What new ones are like. */
  private readonly template: BackendSpec;
  private readonly servers: Servers;
  private readonly yard: Yard;
  private readonly clock: Clock;
  private readonly members: Member[];
  private readonly leaving: { readonly backend: number; readonly atUs: number }[] = [];
  private readonly exits: Row;
  private made = 0;

  /** `backends`: those the pool has from the start, by index. */
  constructor(
    {
      id,
      autoscale,
      template,
    }: { readonly id: string; readonly autoscale: AutoscaleSpec; readonly template: BackendSpec },
    backends: readonly number[],
    { servers, yard, clock, alarms }: { servers: Servers; yard: Yard; clock: Clock; alarms: Alarms },
  ) {
    this.poolId = id;
    this.spec = autoscale;
    this.template = template;
    this.servers = servers;
    this.yard = yard;
    this.clock = clock;
    this.members = backends.map((backend) => ({ backend, sinceUs: -Infinity, came: 0 }));
    this.exits = alarms.row(1, () => {
      this.exit();
    });
  }

  get size(): number {
    return this.alive().length;
  }

  sample(warmUpUs: number): { readonly ready: number; readonly metric: number } {
    const { nowUs } = this.clock;
    const warm = this.alive().filter(({ sinceUs }) => nowUs - sinceUs >= warmUpUs);
    const values = warm.map((member) => this.metricOf(member));
    for (const member of this.members) member.came = this.servers.came[member.backend]!;
    return { ready: warm.length, metric: values.reduce((sum, value) => sum + value, 0) / values.length };
  }

  add(): void {
    const taken = { ...this.template, id: `${this.poolId}-auto-${++this.made}` };
    this.members.push({ backend: this.yard.join(taken), sinceUs: this.clock.nowUs, came: 0 });
  }

  takeOut(): void {
    const newest = this.alive().at(-1);
    if (newest === undefined) return;
    const { backend } = newest;
    this.members.splice(this.members.indexOf(newest), 1);
    this.yard.drain(backend, this.spec.drainUs);
    this.leaving.push({ backend, atUs: this.clock.nowUs + this.spec.drainUs });
    if (this.leaving.length === 1) this.exits.set(0, this.leaving[0]!.atUs);
  }

  private exit(): void {
    const { leaving, clock, yard } = this;
    while (leaving.length > 0 && leaving[0]!.atUs <= clock.nowUs) yard.remove(leaving.shift()!.backend);
    if (leaving.length > 0) this.exits.set(0, leaving[0]!.atUs);
  }

  /** Dead machines report nothing, and the loop makes up for them. */
  private alive(): Member[] {
    return this.members.filter(({ backend }) => this.servers.isRunning(backend) && this.yard.isMember(backend));
  }

  private metricOf({ backend, came }: Member): number {
    const { utilisation, inFlight } = this.servers.occupancy(backend);
    switch (this.spec.metric) {
      case 'utilisation':
        return utilisation;
      case 'in-flight':
        return inFlight;
      case 'rate':
        return ((this.servers.came[backend]! - came) * 1_000_000) / this.spec.sampleUs;
    }
  }
}
