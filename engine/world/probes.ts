import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { HealthChecks, Pace } from '../balancer/health-checks.ts';
import type { CheckAnswers, CheckResult } from './check-answers.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';
import type { Line } from './network.ts';
import type { Recorder } from './recorder.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';

/** A balancer that probes: its part of the network, and whom it watches. */
export interface Watcher {
  /** Its index among the nodes. */
  readonly node: number;
  readonly balancer: Balancer;
  readonly network: Line;
  /** By index of the backend: its checker, where a health policy is told of it. */
  readonly judged: (Checker | undefined)[];
  /** One that is down sends no probes and hears of none. */
  isUp: boolean;
}

/** One backend as one kind of check watches it. */
interface Checker {
  readonly watcher: Watcher;
  /** Its place among the checkers. */
  readonly index: number;
  readonly backend: number;
  readonly checks: HealthChecks;
  /** When the next probe is sent; Infinity while a result is waited for. */
  dueUs: number;
  /** Goes up when the next probe is put off or brought forward: what was planned before means nothing then. */
  epoch: number;
  /** What the intervals around the latest probe are multiplied with. */
  stretch: number;
  /** The latest result; undefined before the first. */
  passed: boolean | undefined;
}

/** A probe on its way. */
interface Probe {
  readonly checker: Checker;
  readonly sentUs: number;
  /** What it will report if it comes back in time. */
  result: CheckResult;
}

/**
 * Carries health checks over the network to the servers and back, and keeps their timers. What is probed when is said by HealthChecks, what
 * a result means by the pool's health policy.
 *
 * A TCP probe asks whether the machine accepts a connection: a hung one does. All others ask for an answer: a hung machine gives none and
 * the probe times out. None occupies a worker nor waits in the queue (servers answer them from a thread of their own), so an overloaded
 * or slow server passes.
 */
export class Probes {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly servers: Servers;
  private readonly answers: CheckAnswers;
  private readonly recorder: Recorder;
  private readonly checkers: Checker[] = [];
  /** Those on their way, by number. */
  private readonly probes = new Map<number, Probe>();
  private sent = 0;

  constructor(clock: Clock, agenda: EventQueue, servers: Servers, answers: CheckAnswers, recorder: Recorder) {
    this.clock = clock;
    this.agenda = agenda;
    this.servers = servers;
    this.answers = answers;
    this.recorder = recorder;
  }

  watcher(node: number, balancer: Balancer, network: Line): Watcher {
    const watcher: Watcher = { node, balancer, network, judged: [], isUp: true };
    balancer.onSuspicion = (backend) => {
      this.hurry(watcher, backend);
    };
    return watcher;
  }

  /** The next backend joins, and is probed if its pool has checks, and its agent asked if it has one. */
  join(
    watcher: Watcher,
    backend: number,
    id: string,
    checks: HealthChecks | undefined,
    agent: HealthChecks | undefined,
  ): void {
    watcher.judged.push(checks && this.watch(watcher, backend, id, checks));
    if (agent) this.watch(watcher, backend, id, agent);
  }

  /** The backend is probed by other rules from now on. */
  restart(watcher: Watcher, backend: number, id: string, checks: HealthChecks): void {
    const before = watcher.judged[backend];
    if (before !== undefined) before.epoch++;
    watcher.judged[backend] = this.watch(watcher, backend, id, checks);
  }

  private watch(watcher: Watcher, backend: number, id: string, checks: HealthChecks): Checker {
    const index = this.checkers.length;
    const checker: Checker = { watcher, index, backend, checks, dueUs: 0, epoch: 0, stretch: 1, passed: undefined };
    this.checkers.push(checker);
    this.sendAfter(checker, checks.firstAfterUs(id));
    return checker;
  }

  send(index: number, epoch: number): void {
    const checker = this.checkers[index]!;
    const { checks, watcher } = checker;
    if (epoch !== (checker.epoch & LAST_EPOCH) || watcher.balancer.hasLeft(checker.backend)) return;
    if (!watcher.isUp) {
      this.sendAfter(checker, checks.settings.intervalUs);
      return;
    }
    const number = ++this.sent;
    this.probes.set(number, { checker, sentUs: this.clock.nowUs, result: { reason: 'ok', status: 0 } });
    this.plan(checks.settings.timeoutUs, PLAN.probeTimeout, number);
    checker.stretch = checks.stretch();
    if (checks.isFixed) this.sendAfter(checker, this.intervalUs(checker));
    else checker.dueUs = Infinity;
    this.plan(watcher.network.there(), PLAN.probeReachBackend, number);
  }

  reachBackend(number: number): void {
    const probe = this.probes.get(number);
    if (probe === undefined) return;
    const { backend, checks, watcher } = probe.checker;
    const truth = this.servers.truth[backend];
    if (truth === TRUTH.hung && checks.settings.check !== 'tcp') return;
    probe.result =
      truth === TRUTH.crashed ? { reason: 'refused', status: 0 } : this.answers.ask(backend, checks.settings);
    this.plan(watcher.network.back(), PLAN.probeReachBalancer, number);
  }

  reachBalancer(number: number): void {
    const probe = this.probes.get(number);
    if (probe !== undefined) this.conclude(number, probe, probe.result);
  }

  timeout(number: number): void {
    const probe = this.probes.get(number);
    if (probe !== undefined) this.conclude(number, probe, { reason: 'timeout', status: 0 });
  }

  private conclude(number: number, { checker, sentUs }: Probe, result: CheckResult): void {
    const { backend, checks, watcher } = checker;
    this.probes.delete(number);
    if (watcher.balancer.hasLeft(backend)) return;
    if (watcher.isUp) this.tell(checker, sentUs, result);
    if (!checks.isFixed) {
      this.sendAfter(checker, this.intervalUs(checker));
      return;
    }
    // The result may have changed the pace: the next probe is due an interval of the new one after this was sent.
    const dueUs = Math.max(this.clock.nowUs, sentUs + this.intervalUs(checker));
    if (paces(checks) && dueUs !== checker.dueUs) this.sendAfter(checker, dueUs - this.clock.nowUs);
  }

  private tell(checker: Checker, sentUs: number, { reason, status, agent }: CheckResult): void {
    const { backend, checks, watcher } = checker;
    const { balancer } = watcher;
    const { check } = checks.settings;
    this.recorder.node = watcher.node;
    if (check === 'agent') {
      balancer.agentReplied(backend, agent);
      return;
    }
    const { nowUs } = this.clock;
    const ok = reason === 'ok';
    checker.passed = ok;
    this.recorder.probed(backend, ok, nowUs);
    balancer.probed(backend, { kind: 'probe', check, ok, reason, status, latencyUs: nowUs - sentUs });
  }

  /** A request made the backend suspect: the next probe comes within the fast interval, unless one is under way. */
  private hurry({ judged }: Watcher, backend: number): void {
    const checker = judged[backend];
    if (checker === undefined || checker.dueUs === Infinity) return;
    const withinUs = checker.checks.intervalUs('transition', false);
    if (this.clock.nowUs + withinUs < checker.dueUs) this.sendAfter(checker, withinUs);
  }

  private intervalUs(checker: Checker): number {
    const idle = !checker.watcher.balancer.hasHadRequests(checker.backend);
    return Math.round(checker.checks.intervalUs(this.paceOf(checker), idle) * checker.stretch);
  }

  private paceOf({ watcher, backend, passed }: Checker): Pace {
    if (passed === undefined) return 'steady';
    const isOut = watcher.balancer.failsChecks(backend);
    if (passed === isOut) return 'transition';
    return isOut ? 'down' : 'steady';
  }

  private sendAfter(checker: Checker, afterUs: number): void {
    checker.dueUs = this.clock.nowUs + afterUs;
    this.agenda.push(checker.dueUs, PLAN.probeSend, checker.index, ++checker.epoch & LAST_EPOCH);
  }

  private plan(afterUs: number, event: number, subject: number): void {
    this.agenda.push(this.clock.nowUs + afterUs, event, subject, 0);
  }
}

/** The largest stamp of an EventQueue. */
const LAST_EPOCH = 0x7ff_ffff;

/** Does the interval depend on the pace? */
function paces({ settings }: HealthChecks): boolean {
  return settings.fastIntervalUs !== undefined || settings.downIntervalUs !== undefined;
}
