import type { Clock } from '../../balancer/context.ts';
import { EVENT_KIND } from '../../metrics/event-kind.ts';
import type { Alarms, Row } from '../alarms.ts';
import type { Recorder } from '../recorder.ts';
import type { TierAutoscaleSpec } from '../scenario-autoscale.ts';
import type { Tier } from '../tier.ts';
import type { Fleet } from './control-loop.ts';

/**
 * The nodes of a tier, as an autoscaler has them: what it adds is the first that is not in service, and the newest is the first to go. It leaves as an operator
 * would have it: no new connections, and after a while the machine is ended with all that it still has.
 */
export class ScaledTier implements Fleet {
  private readonly spec: TierAutoscaleSpec;
  private readonly tier: Tier;
  private readonly clock: Clock;
  private readonly recorder: Recorder;
  /** In the order of coming. */
  private members: { readonly node: number; readonly sinceUs: number }[];
  /** Requests that each node had taken at the last sample. */
  private taken: readonly number[];
  /** Alarm n ends node n. */
  private readonly ends: Row;
  private readonly leaving = new Set<number>();

  constructor(
    spec: TierAutoscaleSpec,
    tier: Tier,
    { clock, alarms, recorder }: { clock: Clock; alarms: Alarms; recorder: Recorder },
  ) {
    this.spec = spec;
    this.tier = tier;
    this.clock = clock;
    this.recorder = recorder;
    this.members = tier.states.inService.map((node) => ({ node, sinceUs: -Infinity }));
    this.taken = [...tier.taken];
    this.ends = alarms.row(tier.nodes.length, (node) => {
      this.end(node);
    });
  }

  get size(): number {
    return this.alive().length;
  }

  sample(warmUpUs: number): { readonly ready: number; readonly metric: number } {
    const { nowUs } = this.clock;
    const warm = this.alive().filter(({ sinceUs }) => nowUs - sinceUs >= warmUpUs);
    const sum = warm.reduce((total, { node }) => total + this.metricOf(node), 0);
    this.taken = [...this.tier.taken];
    return { ready: warm.length, metric: sum / warm.length };
  }

  add(): void {
    const { states, nodes } = this.tier;
    const node = nodes.findIndex((_, index) => !states.inService.includes(index) && !this.leaving.has(index));
    if (node < 0) return;
    this.members.push({ node, sinceUs: this.clock.nowUs });
    this.report(EVENT_KIND.nodeJoined, node);
    this.tier.start(node);
  }

  takeOut(): void {
    const newest = this.alive().at(-1);
    if (newest === undefined) return;
    const { node } = newest;
    this.members = this.members.filter((member) => member !== newest);
    this.leaving.add(node);
    this.ends.set(node, this.clock.nowUs + this.spec.drainUs);
    this.report(EVENT_KIND.nodeLeaves, node);
    this.tier.stop(node);
  }

  private end(node: number): void {
    this.leaving.delete(node);
    // Somebody else may have started it again.
    if (!this.tier.states.inService.includes(node)) this.tier.kill(node);
  }

  private report(kind: number, node: number): void {
    this.recorder.node = node;
    this.recorder.tier(kind, 0, -1, this.tier.states.inService.length, this.clock.nowUs);
  }

  /** Dead machines report nothing, and the loop makes up for them. */
  private alive(): typeof this.members {
    const { states } = this.tier;
    return this.members.filter(({ node }) => states.inService.includes(node) && states.serves(node));
  }

  private metricOf(node: number): number {
    switch (this.spec.metric) {
      case 'rate':
        return ((this.tier.taken[node]! - this.taken[node]!) * 1_000_000) / this.spec.sampleUs;
      case 'in-flight':
        return this.tier.nodes[node]!.views.reduce((sum, { inFlight }) => sum + inFlight, 0);
    }
  }
}
