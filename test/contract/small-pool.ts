import { BackendView, setInFlight, setWeight } from '../../engine/core/backend.ts';
import type { Backend, Context, Picker } from '../../engine/core/policy.ts';
import { Prng } from '../../engine/core/prng.ts';
import { RequestView } from '../../engine/core/request.ts';

interface Member {
  readonly view: BackendView;
  drained: boolean;
}

/**
 * A pool the size of a test. It counts requests in flight and calls a picker's hooks as the engine does: `onPoolChange` before the first
 * pick after a change, the count moved before `onRequestStart` and `onRequestEnd`, each start ended once, also after its backend left.
 */
export class SmallPool {
  readonly picker: Picker;
  readonly ctx: { nowUs: number; readonly rng: Prng };
  /** Requests under way, oldest first. */
  readonly open: { readonly backend: BackendView; readonly request: RequestView }[] = [];
  readonly #members: Member[] = [];
  #joined = 0;
  #requests = 0;
  #changed = true;

  constructor(picker: Picker, seed: number, weights: readonly number[]) {
    this.picker = picker;
    this.ctx = { nowUs: 0, rng: new Prng(seed) };
    for (const weight of weights) this.add(weight);
  }

  get eligible(): BackendView[] {
    return this.#members.filter((member) => !member.drained).map((member) => member.view);
  }

  /** Joins as b0, b1, … in the order of joining. */
  add(weight: number, at = this.#members.length): void {
    const slot = this.#joined;
    this.#joined += 1;
    this.#members.splice(at, 0, { view: new BackendView(slot, `b${slot}`, 'a', weight), drained: false });
    this.#changed = true;
  }

  remove(index: number): void {
    this.#members.splice(index, 1);
    this.#changed = true;
  }

  drain(index: number, drained: boolean): void {
    this.#members[index]!.drained = drained;
    this.#changed = true;
  }

  setWeight(index: number, weight: number): void {
    setWeight(this.#members[index]!.view, weight);
    this.#changed = true;
  }

  get size(): number {
    return this.#members.length;
  }

  /** Tells the picker of a change at once, as the engine may, instead of just before the next pick. */
  announce(): void {
    this.picker.onMembersChange?.(
      this.#members.map(({ view }) => view),
      this.ctx,
    );
    this.picker.onPoolChange?.(this.eligible, this.ctx);
    this.#changed = false;
  }

  /** Picks and sends; answers what the picker answered, or `undefined` without asking it when nobody is eligible. */
  send(): Backend | undefined {
    if (this.#changed) this.announce();
    const eligible = this.eligible;
    if (eligible.length === 0) return undefined;
    this.#requests += 1;
    // Each comes from an address of its own, so that pickers that hash it see many keys.
    const request = new RequestView(this.#requests, this.#requests, template, this.#requests);
    const answer = this.picker.pick(eligible, request, this.ctx);
    const backend = eligible.find((view) => view === answer);
    if (backend === undefined) return answer;
    setInFlight(backend, backend.inFlight + 1);
    this.picker.onRequestStart?.(backend, request, this.ctx);
    this.open.push({ backend, request });
    return answer;
  }

  /** Ends the request at this place among the open ones. */
  end(index: number): void {
    const [ended] = this.open.splice(index, 1);
    setInFlight(ended!.backend, ended!.backend.inFlight - 1);
    this.picker.onRequestEnd?.(ended!.backend, ended!.request, served, this.ctx);
  }

  /** The ids picked by `count` requests, each ended before the next. */
  sequence(count: number): string[] {
    return Array.from({ length: count }, () => {
      const id = this.send()?.id ?? 'none';
      if (this.open.length > 0) this.end(0);
      return id;
    });
  }
}

const template = { client: 'c1', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };
const served = { kind: 'served', status: 200, latencyUs: 1000, bytes: 0 } as const;

/** A context that draws what the test says. */
export function scripted(draws: readonly number[]): Context {
  let next = 0;
  return {
    nowUs: 0,
    rng: {
      float: () => draws[next++]!,
      int: () => draws[next++]!,
    },
  };
}

export function countsOf(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}
