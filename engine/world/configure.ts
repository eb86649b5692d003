import type { Balancer, BalancerSettings } from '../balancer/balancer.ts';
import type { Configured } from '../balancer/configured.ts';
import type { HealthCheckSettings } from '../balancer/health-checks.ts';
import type { HealthCheck, Routing } from '../balancer/control-plane/state.ts';
import type { Scenario } from './scenario.ts';

/** What the control plane says of routing, as the balancer takes it. `ids` are those of all backends, by the engine's index; who has left is left out. */
export function configured(
  { targetGroups, rules, listeners }: Routing,
  ids: readonly string[],
  balancer: Balancer,
): Configured {
  const present = (names: readonly string[]) =>
    names.map((id) => ids.indexOf(id)).filter((index) => index >= 0 && !balancer.hasLeft(index));
  return {
    groups: [
      ...targetGroups.map(({ id, algorithm, backends }) => ({
        id,
        algorithm,
        backends: present(backends),
        sticky: false,
      })),
      ...rules.map(({ ruleId, algorithm, backends, sessionSticky }) => ({
        id: ruleId,
        algorithm,
        backends: present(backends),
        sticky: sessionSticky,
      })),
    ],
    matches: rules.map(({ ruleId, pathPrefix, host, headers, priority }) => ({
      pool: ruleId,
      pathPrefix,
      ...(host !== undefined && { host }),
      ...(headers !== undefined && { headers }),
      ...(priority !== undefined && { priority }),
    })),
    listeners: listeners.map(({ listenerId, protocol, port, defaultTargetGroup }) => ({
      id: listenerId,
      protocol: PROTOCOL[protocol],
      port,
      names: [],
      pool: defaultTargetGroup,
    })),
  };
}

const PROTOCOL = { TCP: 'tcp', UDP: 'udp', HTTP: 'http', HTTPS: 'https' } as const;

/** The health checks of a scenario's pool, in the words of the control plane. */
export function healthCheckOf({ health, backends }: Scenario['pools'][number]): HealthCheck | undefined {
  if (health === undefined) return undefined;
  return {
    path: backends[0]!.registration?.healthCheckPath ?? '/health',
    intervalUs: health.intervalUs,
    timeoutUs: health.timeoutUs,
    healthyThreshold: numberOr(health.policy.options.rise, 2),
    unhealthyThreshold: numberOr(health.policy.options.fall, 3),
  };
}

/** The groups whose checks are not those that are `known`, which is brought up to date. */
export function changedChecks(
  { targetGroups }: Routing,
  known: Map<string, HealthCheck | undefined>,
): { readonly id: string; readonly healthCheck: HealthCheck }[] {
  const changed = targetGroups.flatMap(({ id, healthCheck }) =>
    healthCheck === undefined || JSON.stringify(healthCheck) === JSON.stringify(known.get(id))
      ? []
      : [{ id, healthCheck }],
  );
  for (const { id, healthCheck } of changed) known.set(id, healthCheck);
  return changed;
}

/** Other times, and for the rest what was there before. */
export function settingsOf(
  { intervalUs, timeoutUs }: HealthCheck,
  before: HealthCheckSettings = { check: 'http', schedule: 'fixed', intervalUs, timeoutUs },
): HealthCheckSettings {
  return { ...before, intervalUs, timeoutUs };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** What the scenario's balancer is told when it starts. */
export function balancerSettings({ balancer, pools }: Scenario): BalancerSettings {
  const poolIds = pools.map(({ id }) => id);
  return {
    layer: balancer.layer,
    isProxy: balancer.mode === 'proxy',
    poolIds,
    connectionTable: balancer.connectionTable,
    pools: pools.map(({ eligibility, slowStart }) => ({ ...eligibility, slowStart })),
    listeners: balancer.listeners.map((listener) => ({ ...listener, pool: listener.pool ?? poolIds[0] })),
    queues: pools.map(({ queue }) => queue !== undefined),
  };
}
