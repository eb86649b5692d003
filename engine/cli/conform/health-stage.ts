import { RequestView } from '../../core/request.ts';
import type { Outcome } from '../../core/policy.ts';
import { EVENT_KIND } from '../../metrics/event-kind.ts';
import { parseScenario } from '../../parse.ts';
import { policiesFor } from '../../policies-for.ts';
import { Simulation } from '../../world/simulation.ts';
import type { ScenarioInput } from '../../world/scenario.ts';

type Pool = Partial<ScenarioInput['pools'][number]>;
const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };
const DAY_US = 86_400_000_000;

/** How a real backend answered an attempt. */
export interface Answer {
  readonly kind: Outcome['kind'];
  readonly status: number;
}

/** A run of the simulator with its clock, probes and sweeps, whose requests come when a recording says so and end as they did there. */
export class Stage {
  readonly simulation: Simulation;
  readonly #ids: readonly string[];
  #requests = 0;

  constructor(pool: Pool, backends: readonly { readonly name: string; readonly weight: number }[], seed = 1) {
    this.#ids = backends.map(({ name }) => name);
    const scenario = parseScenario(
      {
        name: 'replay',
        title: 'A replay',
        shows: 'What was recorded.',
        durationUs: DAY_US,
        // Its first request comes after the end.
        clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 1e-9 } }],
        pools: [
          {
            picker: { name: 'round-robin' },
            backends: backends.map(({ name, weight }) => ({
              id: name,
              weight,
              service: { default: { kind: 'constant', valueUs: 0 } },
            })),
            ...pool,
          },
        ],
      },
      'a replay',
    );
    this.simulation = new Simulation(scenario, policiesFor(scenario), { seed });
  }

  get nowUs(): number {
    return this.simulation.nowUs;
  }

  at(us: number): this {
    this.simulation.runUntil(us);
    return this;
  }

  /** Does something to the world now. */
  act(action: { do: 'crash' | 'hang' | 'recover'; backend: string } | ActionNow): void {
    this.simulation.apply({ ...action, atUs: this.nowUs });
  }

  /** The name of the backend that a request goes to and is answered by at once. */
  serve(answerOf: (backend: string) => Answer): string | undefined {
    const { balancer } = this.simulation.look();
    this.#requests += 1;
    const request = new RequestView(this.#requests, this.#requests, TEMPLATE);
    const backend = balancer.choose(request, false);
    if (backend < 0) return undefined;
    balancer.start(backend, request);
    const { kind, status } = answerOf(this.#ids[backend]!);
    balancer.end(backend, request, kind, status, 0, 0, true);
    return this.#ids[backend];
  }

  /** When something was noted of the backend since, with the value of each. */
  noted(kind: 'health' | 'probed', backend: string, sinceUs = 0): { readonly atUs: number; readonly value: number }[] {
    const { trace } = this.simulation;
    const place = this.#ids.indexOf(backend);
    return Array.from({ length: trace.length }, (_, row) => trace.at(row)).filter(
      (event) => event.kind === EVENT_KIND[kind] && event.backend === place && event.atUs >= sinceUs,
    );
  }
}

type ActionNow =
  | { do: 'agent-says'; backend: string; reply: string | null }
  | { do: 'answer-checks'; backend: string; status: number; body: string };
