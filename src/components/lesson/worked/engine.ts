/**
 * What worked examples share. The arithmetic of an example is shown by hand and the decision is taken by the engine's own policy; where the two
 * differ the build ends, so an example cannot teach what the engine does not do.
 */
import { Prng } from '../../../../engine/index.ts';
import type { Backend, Context, Request, Scenario } from '../../../../engine/index.ts';
import { parseScenario } from '../../../../engine/parse.ts';
import type { WorkedStep } from '../worked-types.ts';

/** A small world around the policy that is being explained. */
export function world(parts: Record<string, unknown>): Scenario {
  return parseScenario(
    {
      name: 'worked-example',
      title: 'Worked example',
      shows: 'One decision at a time.',
      durationUs: 1_000_000,
      clients: [{ id: 'client', arrivals: { kind: 'constant', rateRps: 1 } }],
      ...parts,
    },
    'a worked example',
  );
}

/** What a policy is told beside its arguments. Draws follow from `seed`. */
export function context(nowUs: number, seed = 1): Context {
  return { nowUs, rng: new Prng(seed) };
}

/** A backend as a policy sees it, in a pool that only the example knows. */
export function backendLike(parts: Partial<Backend> & Pick<Backend, 'id'>): Backend {
  return {
    weight: 1,
    inFlight: 0,
    zone: 'a',
    address: '10.0.0.1:8080',
    number: 1,
    maxConnections: Infinity,
    full: false,
    ...parts,
  };
}

export function requestLike(parts: Partial<Request> = {}): Request {
  return {
    id: 1,
    client: 'client',
    connection: 1,
    class: 'default',
    method: 'GET',
    host: 'example.test',
    path: '/',
    headers: {},
    sourceAddress: '198.51.100.1',
    sourcePort: 1024,
    port: 80,
    bytes: 0,
    attempt: 1,
    tried: [],
    ...parts,
  };
}

export function agree(what: string, steps: readonly WorkedStep[], engine: readonly string[]): void {
  const shown = steps.map(({ result }) => result).join(' ');
  if (shown === engine.join(' ')) return;
  throw new Error(`The worked example of ${what} shows "${shown}", and the engine does "${engine.join(' ')}".`);
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
