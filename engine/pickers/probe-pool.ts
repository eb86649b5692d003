import type { Backend, LoadReport } from '../core/policy.ts';

/** An answer to a probe, while it may still be used. */
interface Answer {
  readonly backend: Backend;
  readonly atUs: number;
  /** As reported, plus one for each use since: the client's own requests are on their way there. */
  inFlight: number;
  readonly latencyUs: number;
  uses: number;
}

/**
 * The answers to Prequal's probes. One for each backend, the newest; beyond the capacity the oldest goes. Hot is who has more requests in flight than the
 * threshold: the colder half is compared by latency, the hot by requests in flight.
 */
export class ProbePool {
  readonly #capacity: number;
  #answers: Answer[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#answers.length;
  }

  /** In the order of arrival. */
  get backends(): readonly Backend[] {
    return this.#answers.map(({ backend }) => backend);
  }

  inFlightOf(backend: Backend): number | undefined {
    return this.#answers.find((answer) => answer.backend === backend)?.inFlight;
  }

  add(backend: Backend, { inFlight, latencyUs }: LoadReport, uses: number, nowUs: number): void {
    this.keep((known) => known !== backend);
    this.#answers.push({ backend, atUs: nowUs, inFlight, latencyUs, uses });
    if (this.#answers.length > this.#capacity) this.removeOldest();
  }

  keep(which: (backend: Backend) => boolean): void {
    for (let at = this.#answers.length - 1; at >= 0; at -= 1)
      if (!which(this.#answers[at]!.backend)) this.#answers.splice(at, 1);
  }

  expire(nowUs: number, maxAgeUs: number): void {
    while (this.#answers.length > 0 && nowUs - this.#answers[0]!.atUs > maxAgeUs) this.#answers.shift();
  }

  /** The coldest and fastest; or, all being hot, the one with the fewest requests in flight. Counts as a use. */
  use(threshold: number, excluded: readonly Backend[]): Backend | undefined {
    let best: Answer | undefined;
    for (const answer of this.#answers) {
      if (excluded.length > 0 && excluded.includes(answer.backend)) continue;
      if (best === undefined || better(answer, best, threshold)) best = answer;
    }
    if (best === undefined) return undefined;
    best.inFlight += 1;
    best.uses -= 1;
    if (best.uses <= 0) this.#answers.splice(this.#answers.indexOf(best), 1);
    return best.backend;
  }

  /** They stand in the order of arrival. */
  removeOldest(): void {
    this.#answers.shift();
  }

  /** The hottest, or if none is hot the slowest. */
  removeWorst(threshold: number): void {
    let worst = 0;
    for (let at = 1; at < this.#answers.length; at += 1)
      if (worse(this.#answers[at]!, this.#answers[worst]!, threshold)) worst = at;
    this.#answers.splice(worst, 1);
  }
}

function better(one: Answer, other: Answer, threshold: number): boolean {
  const hot = one.inFlight > threshold;
  if (hot !== other.inFlight > threshold) return !hot;
  if (hot && one.inFlight !== other.inFlight) return one.inFlight < other.inFlight;
  if (one.latencyUs !== other.latencyUs) return one.latencyUs < other.latencyUs;
  return one.inFlight < other.inFlight;
}

function worse(one: Answer, other: Answer, threshold: number): boolean {
  const hot = one.inFlight > threshold;
  if (hot !== other.inFlight > threshold) return hot;
  return hot ? one.inFlight > other.inFlight : one.latencyUs > other.latencyUs;
}
