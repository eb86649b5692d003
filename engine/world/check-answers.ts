import type { HealthCheckSettings } from '../balancer/health-checks.ts';
import type { HealthSignal } from '../core/policy.ts';
import type { BackendSpec } from './servers.ts';

type Probed = Extract<HealthSignal, { kind: 'probe' }>;
/** What a probe that reached a running server comes back with. */
export type CheckResult = Pick<Probed, 'reason' | 'status' | 'agent'>;

interface Answers {
  readonly dependsOn: readonly string[];
  status: number;
  body: string;
  agent: string | undefined;
}

/**
 * What servers answer to health checks, by the engine's index, and the dependencies behind them. A server that runs answers 200 "ok" until the
 * timeline says otherwise. Only a readiness check asks for dependencies (as does gRPC's, whose answer is NOT_SERVING): a liveness check that
 * did would have every server restarted when a database stumbles.
 */
export class CheckAnswers {
  private readonly answers: Answers[] = [];
  private readonly broken = new Set<string>();

  join({ dependsOn }: BackendSpec): void {
    this.answers.push({ dependsOn, status: 200, body: 'ok', agent: undefined });
  }

  answerWith(server: number, status: number, body: string): void {
    const answers = this.answers[server]!;
    answers.status = status;
    answers.body = body;
  }

  /** What the agent of the server says from now on; `undefined`: it cannot be asked. */
  sayAs(server: number, agent: string | undefined): void {
    this.answers[server]!.agent = agent;
  }

  setDependency(name: string, works: boolean): void {
    if (works) this.broken.delete(name);
    else this.broken.add(name);
  }

  ask(server: number, { check, accept = SUCCESS, expectBody }: HealthCheckSettings): CheckResult {
    const { status, body, agent, dependsOn } = this.answers[server]!;
    if (check === 'tcp') return { reason: 'ok', status: 0 };
    if (check === 'agent')
      return agent === undefined ? { reason: 'refused', status: 0 } : { reason: 'ok', status: 0, agent };
    const starved = check !== 'http' && dependsOn.some((name) => this.broken.has(name));
    if (check === 'grpc') {
      const serving = !starved && status >= 200 && status < 300;
      return { reason: serving ? 'ok' : starved ? 'dependency' : 'status', status: 200 };
    }
    if (starved) return { reason: 'dependency', status: 503 };
    if (!accept.some(([from, to]) => status >= from && status <= to)) return { reason: 'status', status };
    if (expectBody !== undefined && !body.includes(expectBody)) return { reason: 'body', status };
    return { reason: 'ok', status };
  }
}

/** What HAProxy takes for a pass: 2xx and 3xx. */
const SUCCESS: readonly (readonly [number, number])[] = [[200, 399]];
