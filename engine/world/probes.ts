import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { HealthChecks } from '../balancer/health-checks.ts';
import type { EventQueue } from './event-queue.ts';
import { PLAN } from './plan.ts';
import type { Line } from './network.ts';
import type { Recorder } from './recorder.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';

/** A probe on its way. */
interface Probe {
  readonly backend: number;
  readonly checks: HealthChecks;
  readonly sentUs: number;
  /** What it will report if it comes back in time. */
  reason: 'ok' | 'refused';
}

/**
 * Carries health checks over the network to the servers and back, and keeps their timers. What is probed when is said by HealthChecks, what
 * a result means by the pool's health policy.
 *
 * A TCP probe asks whether the machine accepts a connection: a hung one does. An HTTP probe asks for an answer: a hung machine gives none and
 * the probe times out. Neither occupies a worker nor waits in the queue (servers answer them from a thread of their own), so an overloaded
 * or slow server passes.
 */
export class Probes {
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly balancer: Balancer;
  private readonly servers: Servers;
  private readonly network: Line;
  private readonly recorder: Recorder;
  /** By index of the backend; undefined where nobody probes. */
  private readonly checks: (HealthChecks | undefined)[] = [];
  /** Those on their way, by number. */
  private readonly probes = new Map<number, Probe>();
  private sent = 0;

  constructor(
    clock: Clock,
    agenda: EventQueue,
    balancer: Balancer,
    servers: Servers,
    network: Line,
    recorder: Recorder,
  ) {
    this.clock = clock;
    this.agenda = agenda;
    this.balancer = balancer;
    this.servers = servers;
    this.network = network;
    this.recorder = recorder;
  }

  /** The next backend joins, and is probed if its pool has checks. */
  join(backend: number, id: string, checks: HealthChecks | undefined): void {
    this.checks.push(checks);
    if (checks !== undefined) this.plan(checks.firstAfterUs(id), PLAN.probeSend, backend);
  }

  send(backend: number): void {
    if (this.balancer.hasLeft(backend)) return;
    const checks = this.checks[backend]!;
    const number = ++this.sent;
    this.probes.set(number, { backend, checks, sentUs: this.clock.nowUs, reason: 'ok' });
    this.plan(checks.settings.timeoutUs, PLAN.probeTimeout, number);
    if (checks.afterSendingUs !== undefined) this.plan(checks.afterSendingUs, PLAN.probeSend, backend);
    this.plan(this.network.there(), PLAN.probeReachBackend, number);
  }

  reachBackend(number: number): void {
    const probe = this.probes.get(number);
    if (probe === undefined) return;
    const truth = this.servers.truth[probe.backend];
    if (truth === TRUTH.hung && probe.checks.settings.check === 'http') return;
    if (truth === TRUTH.crashed) probe.reason = 'refused';
    this.plan(this.network.back(), PLAN.probeReachBalancer, number);
  }

  reachBalancer(number: number): void {
    const probe = this.probes.get(number);
    if (probe !== undefined) this.conclude(number, probe, probe.reason);
  }

  timeout(number: number): void {
    const probe = this.probes.get(number);
    if (probe !== undefined) this.conclude(number, probe, 'timeout');
  }

  private conclude(number: number, probe: Probe, reason: 'ok' | 'refused' | 'timeout'): void {
    const { backend, checks } = probe;
    const nowUs = this.clock.nowUs;
    this.probes.delete(number);
    if (this.balancer.hasLeft(backend)) return;
    const { check } = checks.settings;
    const ok = reason === 'ok';
    this.recorder.probed(backend, ok, nowUs);
    this.balancer.probed(backend, {
      kind: 'probe',
      check,
      ok,
      reason,
      status: ok && check === 'http' ? 200 : 0,
      latencyUs: nowUs - probe.sentUs,
    });
    if (checks.afterResultUs !== undefined) this.plan(checks.afterResultUs, PLAN.probeSend, backend);
  }

  private plan(afterUs: number, event: number, subject: number): void {
    this.agenda.push(this.clock.nowUs + afterUs, event, subject, 0);
  }
}
