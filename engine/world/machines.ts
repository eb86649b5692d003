import type { Clock } from '../balancer/context.ts';
import type { Prng } from '../core/prng.ts';
import { Cache } from './cache.ts';
import { CheckAnswers } from './check-answers.ts';
import { Collector } from './collector.ts';
import type { EventQueue } from './event-queue.ts';
import type { Parts } from './parts.ts';
import { PLAN } from './plan.ts';
import type { Scenario } from './scenario.ts';
import { Servers } from './servers.ts';
import type { BackendSpec } from './servers.ts';
import type { Service } from './service.ts';
import { Sessions } from './sessions.ts';
import { Stations } from './stations.ts';

/** The machines behind the backends with all they have, and what they depend on. */
export class Machines {
  readonly servers: Servers;
  readonly answers = new CheckAnswers();
  /** By server; undefined where it has nothing beside workers and a queue. */
  readonly parts: (Parts | undefined)[] = [];
  /** By index of the pool. */
  readonly sessions: readonly (Sessions | undefined)[];
  readonly stations: Stations;
  private readonly rng: Prng;

  /** `classes` are the names of the request classes in the order of their indices. */
  constructor(
    { pools, dependencies }: Scenario,
    classes: readonly string[],
    clock: Clock,
    agenda: EventQueue,
    rng: Prng,
  ) {
    this.rng = rng;
    this.servers = new Servers(classes, rng.fork('service'));
    this.sessions = pools.map(({ id, sessions }) => sessions && new Sessions(sessions, rng.fork(`sessions:${id}`)));
    this.stations = new Stations(dependencies, clock, agenda, rng);
  }

  /** The machine of the next backend starts. */
  join(pool: number, spec: BackendSpec, service: Service): void {
    const server = this.servers.length;
    this.servers.join(spec);
    this.answers.join(spec);
    const sessions = this.sessions[pool];
    sessions?.join(server);
    const parts = this.partsOf(spec, sessions);
    this.parts.push(parts);
    if (parts !== undefined) service.comeUp(server);
  }

  private partsOf(spec: BackendSpec, sessions: Sessions | undefined): Parts | undefined {
    const { id, cache, collector, connectionLimit } = spec;
    const calls = this.stations.named(spec.dependsOn);
    const isPlain = (sessions ?? cache ?? collector ?? connectionLimit) === undefined && calls.length === 0;
    if (isPlain) return undefined;
    return {
      sessions,
      cache: cache && new Cache(cache, this.rng.fork(`cache:${id}`)),
      collector: collector && new Collector(collector, this.rng.fork(`collector:${id}`)),
      calls,
      stations: this.stations,
      connectionLimit,
    };
  }

  /** What was planned for a machine, or for what machines share. */
  follow(kind: number, subject: number, stamp: number, service: Service): void {
    if (kind === PLAN.callDone) this.stations.done(subject);
    else if (kind === PLAN.callTimeout) this.stations.timeout(subject);
    else if (kind === PLAN.collect) service.collect(subject, stamp);
  }

  /** What backends depend on breaks, or works again. */
  setDependency(name: string, works: boolean): void {
    this.answers.setDependency(name, works);
    this.stations.set(name, works);
    for (const sessions of this.sessions) {
      if (sessions?.settings.kept === 'external' && sessions.settings.store === name) sessions.setStore(works);
    }
  }
}
