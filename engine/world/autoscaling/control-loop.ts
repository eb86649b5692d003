import type { Clock } from '../../balancer/context.ts';
import type { Scaler } from '../../core/scaler.ts';
import type { Alarms, Row } from '../alarms.ts';

export interface LoopSpec {
  readonly minimum: number;
  readonly maximum: number;
  /** How often the loop looks, and how often the metric is sampled in between. */
  readonly everyUs: number;
  readonly sampleUs: number;
  /** From the order of a member until it takes work, and from then until it counts as warm. */
  readonly startUs: number;
  readonly warmUpUs: number;
  /** After members were added, or taken out, nothing is added, or taken out, for so long. */
  readonly cooldown: { readonly outUs: number; readonly inUs: number };
}

/** What is scaled. */
export interface Fleet {
  /** Members that take work, warm or not; not those that leave, and not the dead. */
  readonly size: number;
  /** Members that have been here for `warmUpUs`, and the mean of what they do right now; NaN when there are none. */
  sample(warmUpUs: number): { readonly ready: number; readonly metric: number };
  /** One more takes work from now on. */
  add(): void;
  /** One takes no more work, and leaves when it is done. */
  takeOut(): void;
}

/**
 * The control loop of an autoscaler: sample, average, ask the policy, act. It knows only what was sampled, acts only when it looks, and what it orders comes
 * later: these three delays are why it is late.
 */
export class ControlLoop {
  private readonly spec: LoopSpec;
  private readonly fleet: Fleet;
  private readonly scaler: Scaler;
  private readonly clock: Clock;
  private readonly starts: Row;
  private readonly free: number[];
  private booting = 0;
  private sum = 0;
  private samples = 0;
  private ready = 0;
  private lastOutUs = -Infinity;
  private lastInUs = -Infinity;

  constructor(spec: LoopSpec, fleet: Fleet, scaler: Scaler, clock: Clock, alarms: Alarms) {
    this.spec = spec;
    this.fleet = fleet;
    this.scaler = scaler;
    this.clock = clock;
    this.free = Array.from({ length: spec.maximum }, (_, place) => place);
    this.starts = alarms.row(spec.maximum, (place) => {
      this.free.push(place);
      this.booting--;
      fleet.add();
    });
    const samples = alarms.row(1, () => {
      this.sample();
      samples.set(0, clock.nowUs + spec.sampleUs);
    });
    const looks = alarms.row(1, () => {
      this.look();
      looks.set(0, clock.nowUs + spec.everyUs);
    });
    samples.set(0, clock.nowUs + spec.sampleUs);
    looks.set(0, clock.nowUs + spec.everyUs);
  }

  private sample(): void {
    const { ready, metric } = this.fleet.sample(this.spec.warmUpUs);
    this.ready = ready;
    if (Number.isNaN(metric)) return;
    this.sum += metric;
    this.samples++;
  }

  private look(): void {
    const { spec, fleet, ready, booting } = this;
    const nowUs = this.clock.nowUs;
    const here = fleet.size + booting;
    const metric = this.samples === 0 ? NaN : this.sum / this.samples;
    this.sum = 0;
    this.samples = 0;
    const desired = this.scaler.desired({ ready, coming: Math.max(0, here - ready), metric }, nowUs);
    const wanted = Math.max(spec.minimum, Math.min(spec.maximum, desired));
    if (wanted > here && nowUs - this.lastOutUs >= spec.cooldown.outUs) this.order(wanted - here);
    else if (wanted < here && booting === 0 && this.calm(nowUs)) this.takeOut(here - wanted);
  }

  private order(count: number): void {
    this.lastOutUs = this.clock.nowUs;
    for (let ordered = 0; ordered < count && this.free.length > 0; ordered++) {
      this.booting++;
      this.starts.set(this.free.pop()!, this.clock.nowUs + this.spec.startUs);
    }
  }

  /** Taking out waits for both cooldowns: what has just come is not sent away. */
  private calm(nowUs: number): boolean {
    const { inUs } = this.spec.cooldown;
    return nowUs - this.lastInUs >= inUs && nowUs - this.lastOutUs >= inUs;
  }

  private takeOut(count: number): void {
    this.lastInUs = this.clock.nowUs;
    for (let out = 0; out < count; out++) this.fleet.takeOut();
  }
}
