import { slotOf } from '../core/backend.ts';
import type { BackendView } from '../core/backend.ts';
import type { Picker } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';

/** How often a retry asks again for a backend that was not tried yet (Envoy: host_selection_retry_max_attempts). */
const ASKS_AGAIN = 5;

/** A picker at work, and which list it was last told of. Usually it has one list to pick from all its life. */
export class Desk {
  readonly picker: Picker;
  readonly context: PolicyContext;
  readonly hearsStarts: boolean;
  readonly hearsEnds: boolean;
  told: EligibleList | undefined;

  constructor(picker: Picker, context: PolicyContext) {
    this.picker = picker;
    this.context = context;
    this.hearsStarts = picker.onRequestStart !== undefined;
    this.hearsEnds = picker.onRequestEnd !== undefined;
  }
}

/** Backends that may be picked now, in the order of the engine's indices, and the picker that chooses among them. */
export class EligibleList {
  readonly views: BackendView[] = [];
  readonly desk: Desk;
  /** Those that are configured to be in the list, whether or not they are in it now. */
  private readonly members: BackendView[] = [];
  private changed = true;
  /** Somebody joined, left or has another weight. */
  private reconfigured = true;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  put(view: BackendView): void {
    this.views.splice(this.placeOf(slotOf(view)), 0, view);
    this.change();
  }

  take(view: BackendView): void {
    this.views.splice(this.placeOf(slotOf(view)), 1);
    this.change();
  }

  /** The list is this one backend, or empty. */
  showOnly(view: BackendView | undefined): void {
    if (this.views[0] === view) return;
    for (const list of [this.members, this.views]) list.splice(0, Infinity, ...(view === undefined ? [] : [view]));
    this.reweighed();
  }

  admit(view: BackendView): void {
    this.members.push(view);
    this.reconfigure();
  }

  dismiss(view: BackendView): void {
    this.members.splice(this.members.indexOf(view), 1);
    this.reconfigure();
  }

  /** A weight or a bound changed: the list stays, yet its picker is told. */
  reweighed(): void {
    this.reconfigured = true;
    this.change();
  }

  private change(): void {
    this.changed = true;
    const { desk } = this;
    if (desk.picker.hearsEachChange && desk.told === this) this.tell(desk);
  }

  private reconfigure(): void {
    this.reconfigured = true;
    if (this.desk.picker.onMembersChange !== undefined) this.changed = true;
  }

  has(slot: number): boolean {
    const place = this.placeOf(slot);
    return place < this.views.length && slotOf(this.views[place]) === slot;
  }

  /** What the picker, or `find` instead of it, answers, not checked in any way; `undefined` if it declines or there is nobody. */
  pick(request: RequestView, find?: (backends: readonly BackendView[]) => unknown): unknown {
    const { desk, views } = this;
    if (find !== undefined) return views.length === 0 ? undefined : find(views);
    if (this.changed || desk.told !== this) this.tell(desk);
    if (views.length === 0) return undefined;
    const answer = desk.picker.pick(views, request, desk.context);
    return request.attempt === 1 ? answer : this.untried(answer, request);
  }

  private tell(desk: Desk): void {
    const { picker, context } = desk;
    const another = desk.told !== this;
    desk.told = this;
    if (this.reconfigured || another) picker.onMembersChange?.(this.members, context);
    this.reconfigured = false;
    this.changed = false;
    picker.onPoolChange?.(this.views, context);
  }

  /** On a retry: asks again for somebody who was not tried, and in the end goes down the list. */
  private untried(first: unknown, request: RequestView): unknown {
    const { desk, views } = this;
    const { tried } = request;
    const wasTried = (answer: unknown) => answer !== undefined && (tried as readonly unknown[]).includes(answer);
    if (!wasTried(first)) return first;
    const other = views.find((view) => !view.full && !tried.includes(view));
    if (other === undefined) return first;
    for (let asked = 0; asked < ASKS_AGAIN; asked++) {
      const answer = desk.picker.pick(views, request, desk.context);
      if (!wasTried(answer)) return answer;
    }
    return other;
  }

  /** Where a backend is, or belongs. */
  private placeOf(slot: number): number {
    let low = 0;
    let high = this.views.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (slotOf(this.views[middle]) < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
