import { EVENT_KIND } from './event-kind.ts';
import { peakToMean } from './fairness.ts';
import type { SideNotes } from './side-notes.ts';
import type { Trace } from './trace.ts';

/** When to wake somebody. `forUs`: the condition has to hold so long, at each evaluation. */
export type AlertRule =
  /** A balancer, in a tier any of them, has believed a backend to be unhealthy. */
  | { readonly alert: 'unhealthy-backend'; readonly forUs: number }
  /** The backend that is sent most gets more than `factor` times the mean of those that all believe healthy, and all got at least `minimum` in the window. */
  | { readonly alert: 'imbalance'; readonly forUs: number; readonly factor: number; readonly minimum: number }
  /** More than this share of the requests that ended in the window failed. */
  | { readonly alert: 'errors'; readonly forUs: number; readonly share: number }
  /** A backend has had more than this share of the connections it may have in flight. */
  | { readonly alert: 'pool-use'; readonly forUs: number; readonly share: number }
  /** Within the window a balancer has taken a backend out, so that its traffic went elsewhere, or another node has taken the virtual IP. */
  | { readonly alert: 'failover'; readonly forUs: number }
  /** The mean of the health checks of a backend in the window took longer than `tookUs`. */
  | { readonly alert: 'slow-probes'; readonly forUs: number; readonly tookUs: number };

export interface AlertSettings {
  /** Rules are evaluated so often. */
  readonly everyUs: number;
  /** Rates and shares are those of so long before the evaluation. */
  readonly windowUs: number;
  readonly rules: readonly AlertRule[];
}

export interface AlertFacts {
  readonly backends: number;
  readonly healthy: number;
  readonly unhealthy: number;
  /** Connections that each backend may have; Infinity: no bound. */
  readonly maxConnections: readonly number[];
  readonly untilUs: number;
}

/** One time that a rule held. */
export interface Alert {
  /** Index of the rule. */
  readonly rule: number;
  readonly alert: AlertRule['alert'];
  /** -1: of all. */
  readonly backend: number;
  /** The first evaluation at which the condition held. */
  readonly pendingUs: number;
  /** It had held for so long as the rule says. */
  readonly firingUs: number;
  /** The first evaluation at which it no longer held; undefined: it holds at the end. */
  readonly resolvedUs: number | undefined;
  /** What was measured when it began to fire. */
  readonly value: number;
}

/**
 * Evaluates the rules over a run as Prometheus does: at fixed times, a condition that holds is pending, and fires once it has held at every evaluation
 * for as long as the rule says; the first evaluation at which it does not resolves it. Only alerts that fired are answered, in the order of firing.
 */
export function alerts(trace: Trace, notes: SideNotes, settings: AlertSettings, facts: AlertFacts): Alert[] {
  const state = new Window(trace, notes, settings.windowUs, facts);
  const open = new Map<string, { pendingUs: number; firingUs: number; value: number }>();
  const found: Alert[] = [];
  const close = (key: string, resolvedUs: number | undefined) => {
    const one = open.get(key);
    open.delete(key);
    if (one === undefined || one.firingUs < 0) return;
    const [rule = 0, backend = -1] = key.split(' ').map(Number);
    found.push({ ...one, rule, backend, alert: settings.rules[rule]!.alert, resolvedUs });
  };
  for (let nowUs = settings.everyUs; nowUs <= facts.untilUs; nowUs += settings.everyUs) {
    state.advance(nowUs);
    for (const [index, rule] of settings.rules.entries()) {
      for (const { backend, value, holds } of state.judge(rule)) {
        const key = `${index} ${backend}`;
        if (!holds) {
          close(key, nowUs);
          continue;
        }
        const one = open.get(key) ?? { pendingUs: nowUs, firingUs: -1, value };
        if (one.firingUs < 0 && nowUs - one.pendingUs >= rule.forUs) Object.assign(one, { firingUs: nowUs, value });
        open.set(key, one);
      }
    }
  }
  for (const key of open.keys()) close(key, undefined);
  return found.sort((one, other) => one.firingUs - other.firingUs || one.rule - other.rule);
}

interface Judged {
  readonly backend: number;
  readonly value: number;
  readonly holds: boolean;
}

/** What the rules look at: the trailing window (nowUs - windowUs, nowUs], moved along the trace. Each event enters once and leaves once. */
class Window {
  private readonly trace: Trace;
  private readonly notes: SideNotes;
  private readonly windowUs: number;
  private readonly facts: AlertFacts;
  /** By backend: what each node believes. */
  private readonly believed: readonly Map<number, number>[];
  /** The node that has the virtual IP, and the rows of the trace where another one took it. */
  private holder = -1;
  private readonly taken = new Set<number>();
  private readonly sent: Float64Array;
  private readonly peak: Float64Array;
  private readonly probes: Float64Array;
  private readonly probedUs: Float64Array;
  private outs = 0;
  private served = 0;
  private failed = 0;
  private next = 0;
  private oldest = 0;
  private nextProbe = 0;
  private oldestProbe = 0;

  constructor(trace: Trace, notes: SideNotes, windowUs: number, facts: AlertFacts) {
    this.trace = trace;
    this.notes = notes;
    this.windowUs = windowUs;
    this.facts = facts;
    this.believed = Array.from({ length: facts.backends }, () => new Map<number, number>());
    this.sent = new Float64Array(facts.backends);
    this.peak = new Float64Array(facts.backends);
    this.probes = new Float64Array(facts.backends);
    this.probedUs = new Float64Array(facts.backends);
  }

  advance(nowUs: number): void {
    const { trace, notes } = this;
    const sinceUs = nowUs - this.windowUs;
    this.peak.fill(0);
    for (; this.next < trace.length && trace.atUs[this.next]! <= nowUs; this.next++) this.take(this.next, 1);
    for (; this.oldest < this.next && trace.atUs[this.oldest]! <= sinceUs; this.oldest++) this.take(this.oldest, -1);
    for (; this.nextProbe < notes.probes.length && notes.probes[this.nextProbe]!.atUs <= nowUs; this.nextProbe++)
      this.takeProbe(this.nextProbe, 1);
    for (; this.oldestProbe < this.nextProbe && notes.probes[this.oldestProbe]!.atUs <= sinceUs; this.oldestProbe++)
      this.takeProbe(this.oldestProbe, -1);
  }

  private take(row: number, sign: 1 | -1): void {
    const { trace } = this;
    const kind = trace.kind[row]!;
    const backend = trace.backend[row]!;
    const value = trace.value[row]!;
    if (kind === EVENT_KIND.picked) {
      this.sent[backend]! += sign;
      if (sign > 0) this.peak[backend] = Math.max(this.peak[backend]!, value);
    } else if (kind === EVENT_KIND.served) this.served += sign;
    else if (kind === EVENT_KIND.failed) this.failed += sign;
    else if (kind === EVENT_KIND.health) {
      if (value !== this.facts.healthy) this.outs += sign;
      if (sign > 0) this.believed[backend]!.set(trace.at(row).node ?? 0, value);
    } else if (kind === EVENT_KIND.address) this.takeAddress(row, value, sign);
  }

  private takeAddress(row: number, node: number, sign: 1 | -1): void {
    if (sign > 0) {
      if (this.holder !== -1 && this.holder !== node) this.taken.add(row);
      this.holder = node;
    }
    if (this.taken.has(row)) this.outs += sign;
  }

  private isBelieved(backend: number, belief: number): boolean {
    return [...this.believed[backend]!.values()].includes(belief);
  }

  private isHealthy(backend: number): boolean {
    return [...this.believed[backend]!.values()].every((belief) => belief === this.facts.healthy);
  }

  private takeProbe(index: number, sign: 1 | -1): void {
    const { backend, tookUs } = this.notes.probes[index]!;
    this.probes[backend]! += sign;
    this.probedUs[backend]! += sign * tookUs;
  }

  judge(rule: AlertRule): Judged[] {
    switch (rule.alert) {
      case 'unhealthy-backend':
        return this.each((backend) => Number(this.isBelieved(backend, this.facts.unhealthy)), 0);
      case 'imbalance':
        return [this.imbalance(rule.factor, rule.minimum)];
      case 'errors': {
        const value = this.failed / (this.served + this.failed);
        return [{ backend: -1, value, holds: value > rule.share }];
      }
      case 'pool-use':
        return this.each((backend) => this.peak[backend]! / this.facts.maxConnections[backend]!, rule.share);
      case 'failover':
        return [{ backend: -1, value: this.outs, holds: this.outs > 0 }];
      case 'slow-probes':
        return this.each((backend) => this.probedUs[backend]! / this.probes[backend]!, rule.tookUs);
    }
  }

  private each(measure: (backend: number) => number, limit: number): Judged[] {
    return Array.from({ length: this.facts.backends }, (_, backend) => {
      const value = measure(backend);
      return { backend, value, holds: value > limit };
    });
  }

  private imbalance(factor: number, minimum: number): Judged {
    const loads = [...this.sent].filter((_, backend) => this.isHealthy(backend));
    const value = peakToMean(loads);
    const all = loads.reduce((sum, load) => sum + load, 0);
    return { backend: -1, value, holds: all >= minimum && value > factor };
  }
}
