import { Balancer } from '../balancer/balancer.ts';
import { HealthChecks } from '../balancer/health-checks.ts';
import { BackendView } from '../core/backend.ts';
import type { Policies } from '../core/policies.ts';
import type { FlowTable } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { connectionsFor } from './backend-connections.ts';
import type { BackendConnections } from './backend-connections.ts';
import { careOf } from './care.ts';
import { balancerSettings, changedChecks, configured, healthCheckOf, settingsOf } from './configure.ts';
import { line } from './network.ts';
import type { Probes, Watcher } from './probes.ts';
import { Ramps } from './ramps.ts';
import { RequestPath } from './request-path.ts';
import type { SharedWorld } from './request-world.ts';
import type { Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';
import type { BackendSpec } from './servers.ts';
import type { HealthCheck, Routing } from '../balancer/control-plane/state.ts';

/** What a node finds around it. */
export interface NodeWorld {
  readonly scenario: Scenario;
  readonly shared: SharedWorld;
  readonly probes: Probes;
  /** The region whose backends it prefers. Absent: all are alike to it. */
  readonly keepsTo?: string | undefined;
}

/**
 * One balancer on a machine of its own, and all that belongs to it alone: its counts, what it believes of each backend, its probes with a phase of their
 * own, its connections, its queue. A world without a tier has one.
 */
export class BalancerNode {
  readonly index: number;
  readonly balancer: Balancer;
  readonly path: RequestPath;
  readonly ramps: Ramps;
  /** Its views of the backends, by the engine's index. */
  readonly views: BackendView[] = [];
  readonly watcher: Watcher;
  /** What links know it by. */
  readonly names: readonly string[];
  private readonly scenario: Scenario;
  private readonly shared: SharedWorld;
  private readonly probes: Probes;
  private readonly keepsTo: string | undefined;
  private readonly rng: Prng;
  private readonly checks: (HealthChecks | undefined)[];
  private readonly agents: readonly (HealthChecks | undefined)[];
  private readonly healthChecks: Map<string, HealthCheck | undefined>;
  private readonly backendConnections: BackendConnections | undefined;

  /** `rng`: the streams of the node. `makeFlows`: on layer 4 of a tier, makes its flow table. */
  constructor(
    index: number,
    policies: Policies,
    rng: Prng,
    { scenario, shared, probes, keepsTo }: NodeWorld,
    makeFlows?: () => FlowTable,
  ) {
    const { clock, agenda, recorder } = shared;
    const { pools, network } = scenario;
    this.index = index;
    this.scenario = scenario;
    this.names = namesOf(scenario, index);
    this.shared = shared;
    this.probes = probes;
    this.keepsTo = keepsTo;
    this.rng = rng;
    const onBelief = (backend: number, belief: number) => {
      recorder.node = index;
      recorder.health(backend, belief, clock.nowUs);
      this.path.changed(backend);
      this.ramps.look(backend);
    };
    this.balancer = new Balancer(
      { ...balancerSettings(scenario), makeFlows },
      policies,
      clock,
      rng.fork('balancer'),
      onBelief,
    );
    this.healthChecks = new Map(pools.map((pool) => [pool.id, healthCheckOf(pool)]));
    this.checks = pools.map(({ id, health }) => health && new HealthChecks(health, rng.fork(`probe-phases:${id}`)));
    this.agents = pools.map(
      ({ id, agent }) => agent && new HealthChecks({ ...agent, ...AGENT }, rng.fork(`agent-phases:${id}`)),
    );
    const toBackend = (purpose: string) => line(network.balancerToBackend, rng.fork(purpose));
    const pooled = pools.map((pool) => pool.connections);
    this.backendConnections = connectionsFor(scenario.balancer.mode, pooled, toBackend('connections'));
    this.path = new RequestPath({
      ...shared,
      node: index,
      names: this.names,
      balancer: this.balancer,
      toBackend: shared.wires.meet(toBackend('balancer-to-backend')),
      toAsk: toBackend('load-probes'),
      cares: pools.map((pool) =>
        careOf(pool, policies.pools.get(pool.id)!, shared.balancerTimeoutUs, clock, rng.fork('balancer')),
      ),
      backendConnections: this.backendConnections,
    });
    this.watcher = probes.watcher(index, this.balancer, toBackend('probes'), this.names);
    this.ramps = new Ramps(agenda, this.balancer, this.path, index);
  }

  /** Where the node keeps to its own region, backends of others are of a level that is asked after all of its own. */
  private priorityOf({ priority = 0, region }: BackendSpec): number {
    const isElsewhere = this.keepsTo !== undefined && region !== undefined && region !== this.keepsTo;
    return isElsewhere ? priority + ELSEWHERE : priority;
  }

  /** The next backend joins a pool. */
  join(pool: number, spec: BackendSpec): void {
    const { registration } = spec;
    const backend = this.views.length;
    const ofPool = this.scenario.pools[pool]?.connections?.max ?? Infinity;
    const maxConnections = Math.min(spec.maxConnections ?? Infinity, ofPool);
    const view = new BackendView(backend, spec.id, spec.zone, spec.weight, {
      ...(registration && { address: `${registration.host}:${registration.port}` }),
      ...(maxConnections !== Infinity && { maxConnections }),
    });
    this.views.push(view);
    this.backendConnections?.join(pool, this.shared.clock.nowUs);
    this.balancer.join(pool, view, {
      priority: this.priorityOf(spec),
      backup: spec.backup ?? false,
      metadata: spec.metadata ?? {},
    });
    this.ramps.look(backend);
    this.probes.join(this.watcher, backend, spec.id, this.checks[pool], this.agents[pool]);
  }

  /** Cuts its connections to the backend. */
  cut(backend: number): void {
    this.shared.recorder.node = this.index;
    this.path.cut(backend);
  }

  /** The backend's machine went down, and its ends of all connections with it. */
  lose(backend: number): void {
    this.backendConnections?.lose(backend);
  }

  sweep(everyUs: number): void {
    this.shared.recorder.node = this.index;
    this.balancer.sweep(everyUs);
  }

  /** The routing is this from now on; health checks that have changed begin anew. `ids` are those of all backends, by index. */
  configure(routing: Routing, ids: readonly string[]): void {
    const { balancer } = this;
    balancer.configure(configured(routing, ids, balancer));
    for (const { id, healthCheck } of changedChecks(routing, this.healthChecks)) {
      const pool = balancer.poolIds.indexOf(id);
      const settings = settingsOf(healthCheck, this.checks[pool]?.settings);
      const checks = new HealthChecks(settings, this.rng.fork(`probe-phases:${id}`));
      this.checks[pool] = checks;
      balancer.judgeBy(pool, healthCheck.unhealthyThreshold, healthCheck.healthyThreshold);
      ids.forEach((name, backend) => {
        if (balancer.poolOf(backend) === pool) this.probes.restart(this.watcher, backend, name, checks);
      });
    }
  }
}

/** How agents are asked. */
const AGENT = { check: 'agent', schedule: 'after-result' } as const;
/** Above the priority levels that a scenario gives. */
const ELSEWHERE = 1_000_000;

/** What links know a node by. A lone balancer stands in no zone. */
function namesOf({ tier }: Scenario, index: number): string[] {
  if (tier === undefined) return ['balancers'];
  const { id, zone } = nodesOf(tier)[index]!;
  return ['balancers', `balancer:${id}`, `zone:${zone}`];
}
