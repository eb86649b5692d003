import { ln } from '../../engine/core/maths.ts';
import { Prng } from '../../engine/core/prng.ts';

export type BarePicker = 'random' | 'round-robin' | 'least-connections' | 'power-of-two-choices';

/**
 * The yardstick: the same traffic with nothing around it. Poisson arrivals, one worker and a queue for each backend, exponential service,
 * a heap of departures, the picker written into the loop, the sum of latencies. What is left out is what the engine is for: policies and
 * requests as objects, health, faults, timeouts, network, percentiles, replay. Same generator and logarithm as the engine, and written to be
 * fast.
 *
 * Answers the mean latency in microseconds.
 */
export function bareRun(
  picker: BarePicker,
  backends: number,
  rateRps: number,
  serviceUs: number,
  requests: number,
): number {
  const root = new Prng(1);
  const arrivals = root.fork('arrivals');
  const service = root.fork('service');
  const choice = root.fork('choice');
  const gapUs = 1_000_000 / rateRps;
  const load = new Load(backends);
  const queues = new Queues(backends);
  const heap = new Heap(backends);
  let turn = -1;
  let arrivalUs = 0;
  let arrived = 0;
  let latencySumUs = 0;

  while (arrived < requests || heap.size > 0) {
    if (arrived < requests && arrivalUs <= heap.nextUs) {
      const backend = pick();
      queues.push(backend, arrivalUs);
      if (load.add(backend) === 1) heap.push(arrivalUs - serviceUs * ln(1 - service.float()), backend);
      arrivalUs += -gapUs * ln(1 - arrivals.float());
      arrived++;
    } else {
      const nowUs = heap.nextUs;
      const backend = heap.nextBackend;
      latencySumUs += nowUs - queues.shift(backend);
      if (load.remove(backend) > 0) heap.replace(nowUs - serviceUs * ln(1 - service.float()), backend);
      else heap.pop();
    }
  }
  return latencySumUs / requests;

  function pick(): number {
    if (picker === 'random') return choice.int(backends);
    if (picker === 'least-connections') return load.least(choice);
    if (picker === 'round-robin') {
      turn = turn + 1 === backends ? 0 : turn + 1;
      return turn;
    }
    const first = choice.int(backends);
    const other = choice.int(backends - 1);
    const second = other < first ? other : other + 1;
    return load.counts[second]! < load.counts[first]! ? second : first;
  }
}

/** How many requests each backend has, and the backends sorted by that: a change by one is a swap within the sorted row. */
class Load {
  readonly counts: Int32Array;
  private readonly sorted: Int32Array;
  private readonly place: Int32Array;
  /** `below[k]`: how many backends have fewer than k requests, that is where those with k begin in the sorted row. */
  private below = new Int32Array(64);

  constructor(backends: number) {
    this.counts = new Int32Array(backends);
    this.sorted = Int32Array.from({ length: backends }, (_, backend) => backend);
    this.place = this.sorted.slice();
    this.below.fill(backends, 1);
  }

  least(choice: Prng): number {
    const ties = this.below[this.counts[this.sorted[0]!]! + 1]!;
    return this.sorted[choice.int(ties)]!;
  }

  add(backend: number): number {
    const count = ++this.counts[backend]!;
    if (count + 1 >= this.below.length) this.grow();
    // The last of those with count - 1 becomes the first of those with count.
    this.swap(backend, --this.below[count]!);
    return count;
  }

  remove(backend: number): number {
    const count = this.counts[backend]!--;
    this.swap(backend, this.below[count]!++);
    return count - 1;
  }

  private swap(backend: number, to: number): void {
    const from = this.place[backend]!;
    const other = this.sorted[to]!;
    this.sorted[from] = other;
    this.place[other] = from;
    this.sorted[to] = backend;
    this.place[backend] = to;
  }

  private grow(): void {
    const wider = new Int32Array(2 * this.below.length).fill(this.counts.length);
    wider.set(this.below);
    this.below = wider;
  }
}

/** For each backend the arrival times of its requests, oldest first: linked lists in one pair of columns. */
class Queues {
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private times = new Float64Array(1024);
  private links = new Int32Array(1024);
  private used = 0;
  private free = -1;

  constructor(backends: number) {
    this.heads = new Int32Array(backends).fill(-1);
    this.tails = new Int32Array(backends);
  }

  push(backend: number, atUs: number): void {
    let cell = this.free;
    if (cell >= 0) this.free = this.links[cell]!;
    else {
      cell = this.used++;
      if (cell === this.times.length) this.grow();
    }
    this.times[cell] = atUs;
    this.links[cell] = -1;
    if (this.heads[backend]! < 0) this.heads[backend] = cell;
    else this.links[this.tails[backend]!] = cell;
    this.tails[backend] = cell;
  }

  shift(backend: number): number {
    const cell = this.heads[backend]!;
    this.heads[backend] = this.links[cell]!;
    this.links[cell] = this.free;
    this.free = cell;
    return this.times[cell]!;
  }

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    this.times = times;
    const links = new Int32Array(2 * this.links.length);
    links.set(this.links);
    this.links = links;
  }
}

/** Departures by time: a 4-ary heap of fixed capacity, one entry for each busy backend. */
class Heap {
  size = 0;
  private readonly times: Float64Array;
  private readonly backends: Int32Array;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity + 1).fill(Infinity);
    this.backends = new Int32Array(capacity + 1);
  }

  get nextUs(): number {
    return this.times[0]!;
  }

  get nextBackend(): number {
    return this.backends[0]!;
  }

  push(atUs: number, backend: number): void {
    const { times, backends } = this;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent]! <= atUs) break;
      times[hole] = times[parent]!;
      backends[hole] = backends[parent]!;
      hole = parent;
    }
    times[hole] = atUs;
    backends[hole] = backend;
  }

  pop(): void {
    const last = --this.size;
    const atUs = this.times[last]!;
    this.times[last] = Infinity;
    if (last > 0) this.replace(atUs, this.backends[last]!);
  }

  /** Takes the first out and puts another in. */
  replace(atUs: number, backend: number): void {
    const { times, backends, size } = this;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= size) break;
      const end = first + 4 < size ? first + 4 : size;
      let least = first;
      for (let child = first + 1; child < end; child++) if (times[child]! < times[least]!) least = child;
      if (times[least]! >= atUs) break;
      times[hole] = times[least]!;
      backends[hole] = backends[least]!;
      hole = least;
    }
    times[hole] = atUs;
    backends[hole] = backend;
  }
}
