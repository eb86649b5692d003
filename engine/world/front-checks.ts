import type { BackendView } from '../core/backend.ts';
import type { Rng } from '../core/policy.ts';
import type { Row } from './alarms.ts';
import type { EntryWorld } from './entry.ts';
import type { Layer4Reach } from './scenario-layer4.ts';

/**
 * What each layer 4 node believes of the tier's nodes. All look at the same rate, each with a phase of its own, so for a part of an interval they disagree about a node
 * that has died or come back. Only the check that changes a belief is an event.
 */
export class FrontChecks {
  private readonly check: Layer4Reach['check'];
  private readonly views: readonly BackendView[];
  private readonly world: EntryWorld;
  private readonly phasesUs: readonly number[];
  /** By front, the nodes it leads flows to: a new list whenever that changes. */
  private readonly lists: (readonly BackendView[])[];
  private readonly changes: Row;

  constructor(check: Layer4Reach['check'], fronts: number, views: readonly BackendView[], world: EntryWorld, rng: Rng) {
    this.check = check;
    this.views = views;
    this.world = world;
    this.phasesUs = Array.from({ length: fronts }, () => rng.int(check.intervalUs));
    const first = views.filter((_, node) => this.passes(node));
    this.lists = this.phasesUs.map(() => first);
    this.changes = world.alarms.row(fronts * views.length, (alarm) => {
      this.settle(Math.floor(alarm / views.length), alarm % views.length);
      world.rerouted();
    });
  }

  /** The nodes that a front leads flows to. */
  nodesOf(front: number): readonly BackendView[] {
    return this.lists[front] ?? [];
  }

  /** The node may have changed. `isTold`: an operator has taken it out, and nobody has to find that out. */
  look(node: number, isTold: boolean): void {
    const passes = this.passes(node);
    let changes = false;
    for (const [front, list] of this.lists.entries()) {
      const alarm = front * this.views.length + node;
      const differs = list.includes(this.views[node]!) !== passes;
      if (!differs || isTold) this.changes.cancel(alarm);
      else this.changes.set(alarm, this.foundOutUs(front, passes));
      if (differs && isTold) {
        this.settle(front, node);
        changes = true;
      }
    }
    if (changes) this.world.rerouted();
  }

  /** When the last of the checks is over that a change of belief takes. */
  private foundOutUs(front: number, passes: boolean): number {
    const { intervalUs, fall, rise } = this.check;
    const phaseUs = this.phasesUs[front]!;
    const nextUs = phaseUs + intervalUs * Math.ceil((this.world.clock.nowUs - phaseUs) / intervalUs);
    return nextUs + ((passes ? rise : fall) - 1) * intervalUs;
  }

  private settle(front: number, node: number): void {
    const believed = new Set(this.lists[front]);
    if (this.passes(node)) believed.add(this.views[node]!);
    else believed.delete(this.views[node]!);
    this.lists[front] = this.views.filter((view) => believed.has(view));
  }

  private passes(node: number): boolean {
    const { states } = this.world;
    return states.inService.includes(node) && states.isReachable(node) && states.serves(node);
  }
}
