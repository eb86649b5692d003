import type { Clock } from '../balancer/context.ts';
import { sampler } from '../core/distributions.ts';
import type { Prng } from '../core/prng.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';
import type { DependencySettings } from './scenario-servers.ts';

/** Told once how a call went. */
export type Back = (ok: boolean) => void;

interface Call {
  readonly station: Station;
  readonly number: number;
  readonly back: Back;
  /** Does somebody still wait for it? */
  isOpen: boolean;
}

/**
 * What many backends share, such as a database: workers, a queue and latencies of its own, so that what one backend asks of it all others feel. A
 * call that is given up is worked on all the same, as a database does not know who still listens.
 */
class Station {
  readonly id: string;
  readonly settings: DependencySettings;
  private readonly draw: () => number;
  private readonly waiting: Call[] = [];
  works = true;
  factor = 1;
  busy = 0;

  constructor(settings: DependencySettings, rng: Prng) {
    this.id = settings.id;
    this.settings = settings;
    this.draw = sampler(settings.service, rng);
  }

  get queued(): number {
    return this.waiting.length;
  }

  workUs(): number {
    return Math.round(this.draw() * this.factor);
  }

  hasRoom(): boolean {
    return this.waiting.length < (this.settings.queueLimit ?? Infinity);
  }

  wait(call: Call): void {
    this.waiting.push(call);
  }

  next(): Call | undefined {
    return this.waiting.shift();
  }
}

/** All that backends share, and the calls that are under way there. */
export class Stations {
  private readonly stations: readonly Station[];
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly calls = new Map<number, Call>();
  private called = 0;

  constructor(dependencies: readonly DependencySettings[], clock: Clock, agenda: EventQueue, rng: Prng) {
    this.clock = clock;
    this.agenda = agenda;
    this.stations = dependencies.map((settings) => new Station(settings, rng.fork(`dependency:${settings.id}`)));
  }

  /** Those with these names; a name that is none of a station is no more than a switch. */
  named(names: readonly string[]): string[] {
    return names.filter((name) => this.find(name) !== undefined);
  }

  /** Refused at once when it is broken or its queue is full; given up after its timeout. */
  call(name: string, back: Back): void {
    const station = this.find(name)!;
    const isFree = station.busy < station.settings.workers;
    if (!station.works || (!isFree && !station.hasRoom())) {
      back(false);
      return;
    }
    const call: Call = { station, number: ++this.called, back, isOpen: true };
    this.calls.set(call.number, call);
    const { timeoutUs } = station.settings;
    if (timeoutUs !== undefined) this.plan(timeoutUs, PLAN.callTimeout, call.number);
    if (isFree) this.begin(call);
    else station.wait(call);
  }

  done(number: number): void {
    const call = this.calls.get(number);
    // Otherwise the station has broken since.
    if (call === undefined) return;
    const { station } = call;
    this.calls.delete(number);
    station.busy--;
    const next = station.next();
    if (next !== undefined) this.begin(next);
    this.tell(call, true);
  }

  timeout(number: number): void {
    const call = this.calls.get(number);
    if (call !== undefined) this.tell(call, false);
  }

  /** It breaks, and all calls fail that are under way there; or it works again. */
  set(name: string, works: boolean): void {
    const station = this.find(name);
    if (station === undefined) return;
    station.works = works;
    if (works) {
      station.factor = 1;
      return;
    }
    const lost = [...this.calls.values()].filter((call) => call.station === station);
    while (station.next() !== undefined);
    station.busy = 0;
    for (const call of lost) this.calls.delete(call.number);
    for (const call of lost) this.tell(call, false);
  }

  /** Calls that begin from now on take `factor` times as long. */
  slow(name: string, factor: number): void {
    const station = this.find(name);
    if (station !== undefined) station.factor = factor;
  }

  /** For tables: busy workers and calls that wait. */
  stateOf(name: string): { readonly busy: number; readonly queued: number } | undefined {
    const station = this.find(name);
    return station && { busy: station.busy, queued: station.queued };
  }

  private begin(call: Call): void {
    call.station.busy++;
    this.plan(call.station.workUs(), PLAN.callDone, call.number);
  }

  private tell(call: Call, ok: boolean): void {
    if (!call.isOpen) return;
    call.isOpen = false;
    call.back(ok);
  }

  private find(name: string): Station | undefined {
    return this.stations.find(({ id }) => id === name);
  }

  private plan(afterUs: number, event: number, number: number): void {
    this.agenda.push(this.clock.nowUs + afterUs, event, number, 0);
  }
}
