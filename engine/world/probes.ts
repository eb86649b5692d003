import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { HealthChecks, Pace } from '../balancer/health-checks.ts';
import type { CheckAnswers, CheckResult } from './check-answers.ts';
import type { EventQueue } from './event-queue.ts';
import type { Machines } from './machines.ts';
import type { Parts } from './parts.ts';
import { PLAN } from './plan.ts';
import type { Line } from './network.ts';
import type { Recorder } from './recorder.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';
import type { Service } from './service.ts';
import { LOST } from './wires.ts';
import type { Names, Wires } from './wires.ts';

/** A balancer that probes: its part of the network, and whom it watches. */
export interface Watcher {
  /** Its index among the nodes. */
  readonly node: number;
  readonly balancer: Balancer;
  readonly network: Line;
  /** What links know it by. */
  readonly names: Names;
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
 * the probe times out; one that is stopped answers when it goes on. None occupies a worker nor waits in the queue (servers answer them from a thread of
 * their own), so an overloaded or slow server passes. A deep one waits for what the backend depends on.
 */
export class Probes {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly servers: Servers;
  private readonly answers: CheckAnswers;
  private readonly parts: readonly (Parts | undefined)[];
  private readonly service: Service;
  private readonly wires: Wires;
  /** By server that is stopped: the probes that it will answer when it goes on. */
  private readonly waiting = new Map<number, number[]>();
  private readonly recorder: Recorder;
  private readonly checkers: Checker[] = [];
  /** Those on their way, by number. */
  private readonly probes = new Map<number, Probe>();
  private sent = 0;
  /** Results are not told: they would come by way of a control plane that is lost. */
  isFrozen = false;

  constructor(
    clock: Clock,
    agenda: EventQueue,
    machines: Machines,
    service: Service,
    wires: Wires,
    recorder: Recorder,
  ) {
    this.clock = clock;
    this.agenda = agenda;
    this.servers = machines.servers;
    this.answers = machines.answers;
    this.parts = machines.parts;
    this.service = service;
    this.wires = wires;
    service.onGo = (server) => {
      this.goOn(server);
    };
    this.recorder = recorder;
  }

  watcher(node: number, balancer: Balancer, network: Line, names: Names): Watcher {
    const watcher: Watcher = { node, balancer, network, names, judged: [], isUp: true };
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
    const { there } = watcher.network;
    this.carry(number, there(), watcher.names, this.namesOf(checker.backend), PLAN.probeReachBackend);
  }

  reachBackend(number: number): void {
    const probe = this.probes.get(number);
    if (probe === undefined) return;
    const { backend, checks } = probe.checker;
    const truth = this.servers.truth[backend];
    if (truth === TRUTH.hung && checks.settings.check !== 'tcp') return;
    if (truth === TRUTH.crashed || this.service.isCrowded(backend))
      this.reply(number, { reason: 'refused', status: 0 });
    else if (checks.settings.check !== 'tcp' && !this.servers.isRunning(backend)) this.wait(backend, number);
    else if (checks.settings.check === 'deep') this.askThrough(number, backend, 0);
    else this.reply(number, this.answers.ask(backend, checks.settings));
  }

  /** The machine is stopped: it answers when it goes on. */
  private wait(server: number, number: number): void {
    const waiting = this.waiting.get(server);
    if (waiting === undefined) this.waiting.set(server, [number]);
    else waiting.push(number);
  }

  private goOn(server: number): void {
    const waiting = this.waiting.get(server) ?? [];
    this.waiting.delete(server);
    for (const number of waiting) this.reachBackend(number);
  }

  /** The backend asks what it depends on, from the `at`-th on, and answers when all have answered, or one has not. */
  private askThrough(number: number, server: number, at: number): void {
    const { calls, stations } = this.parts[server] ?? NO_CALLS;
    const probe = this.probes.get(number);
    if (probe === undefined) return;
    if (at === calls.length) {
      this.reply(number, this.answers.ask(server, probe.checker.checks.settings));
      return;
    }
    stations!.call(calls[at]!, (ok) => {
      if (ok) this.askThrough(number, server, at + 1);
      else this.reply(number, { reason: 'dependency', status: 503 });
    });
  }

  private reply(number: number, result: CheckResult): void {
    const probe = this.probes.get(number);
    if (probe === undefined) return;
    probe.result = result;
    const { watcher, backend } = probe.checker;
    this.carry(number, watcher.network.back(), this.namesOf(backend), watcher.names, PLAN.probeReachBalancer);
  }

  /** Over the network, unless a link loses it: then the timeout ends it. */
  private carry(number: number, lastsUs: number, from: Names, to: Names, event: number): void {
    const extraUs = this.wires.isActive ? this.wires.extraUs(from, to, 0) : 0;
    if (extraUs !== LOST) this.plan(lastsUs + extraUs, event, number);
  }

  private namesOf(server: number): Names {
    return this.servers.names[server]!;
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
    this.recorder.probed(backend, ok, nowUs - sentUs, nowUs);
    if (this.isFrozen) return;
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
const LAST_EPOCH = 0x3ff_ffff;

const NO_CALLS = { calls: [], stations: undefined } as const;

/** Does the interval depend on the pace? */
function paces({ settings }: HealthChecks): boolean {
  return settings.fastIntervalUs !== undefined || settings.downIntervalUs !== undefined;
}
