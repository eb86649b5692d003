import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../engine/index.ts';
import { parseScenario, ScenarioError } from '../../../engine/parse.ts';
import { pickerNames } from '../../../engine/registry.ts';
import { fromLibrary, libraryNames } from './library.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- the subject is input of the wrong shape */
type Loose = any;

function sound(): Loose {
  return {
    name: 'demo',
    title: 'Demo',
    shows: 'Something.',
    durationUs: 10_000_000,
    clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 100 } }],
    balancer: { routes: [{ pathPrefix: '/video', pool: 'gpu' }] },
    pools: [
      {
        id: 'web',
        picker: { name: 'round-robin' },
        backends: [{ id: 's1', service: { default: { kind: 'exponential', meanUs: 10_000 } } }],
      },
      {
        id: 'gpu',
        picker: { name: 'random' },
        backends: [{ id: 's2', service: { default: { kind: 'constant', valueUs: 10_000 } } }],
      },
    ],
    timeline: [{ do: 'crash', atUs: 1_000_000, backend: 's1' }],
  } satisfies ScenarioInput;
}

function messageAfter(change: (scenario: Loose) => void): string {
  const scenario = sound();
  change(scenario);
  try {
    parseScenario(scenario, 'demo.json');
  } catch (error) {
    // The list of pickers grows; what it holds is the registry's business.
    if (error instanceof ScenarioError) return error.message.replaceAll(pickerNames.join(', '), '<all pickers>');
    throw error;
  }
  return 'no error';
}

it('reads a sound scenario and fills in what it leaves out', () => {
  const scenario = parseScenario(sound(), 'demo.json');
  expect(scenario).toMatchObject({ version: 1, seed: 1, balancer: { layer: 7 } });
  expect(scenario.pools[0]!.backends[0]).toMatchObject({ weight: 1, workers: 1, speed: 1 });
});

it('reads every scenario of the library, each named like its file', () => {
  expect(libraryNames.map((name) => fromLibrary(name).name)).toEqual(libraryNames);
});

describe('says where, what was found, what is expected and how to mend it', () => {
  it.each<[string, (scenario: Loose) => void]>([
    ['a misspelt field', (s) => (s.pools[0].backends[0].wieght = 2)],
    ['a strange field', (s) => (s.colour = 'green')],
    ['a missing field', (s) => delete s.shows],
    ['a negative weight', (s) => (s.pools[0].backends[0].weight = -2)],
    ['a rate of zero', (s) => (s.clients[0].arrivals.rateRps = 0)],
    ['half a microsecond', (s) => (s.durationUs = 1.5)],
    ['a number in quotes', (s) => (s.durationUs = '10')],
    ['a name of another form', (s) => (s.pools[0].backends[0].id = 'Server 1')],
    ['a path without its slash', (s) => (s.clients[0].requests = [{ path: 'video' }])],
    ['an empty list', (s) => (s.pools[1].backends = [])],
    ['something that is no list', (s) => (s.timeline = {})],
    ['an unknown layer', (s) => (s.balancer.layer = 5)],
    ['an unknown kind of check', (s) => (s.pools[0].health = { check: 'htttp' })],
    ['an unknown distribution', (s) => (s.pools[0].backends[0].service.default.kind = 'exponentail')],
    ['an unknown action', (s) => (s.timeline[0].do = 'explode')],
    [
      'no service time for the rest',
      (s) => (s.pools[0].backends[0].service = { page: { kind: 'constant', valueUs: 1 } }),
    ],
    [
      'bounds the wrong way round',
      (s) => (s.pools[0].backends[0].service.default = { kind: 'uniform', minUs: 9, maxUs: 3 }),
    ],
    ['an unknown picker', (s) => (s.pools[0].picker.name = 'roundrobin')],
    ['an unknown health policy', (s) => (s.pools[0].health = { policy: { name: 'vibes' } })],
    [
      'an option the policy has not',
      (s) => (s.pools[0].health = { policy: { name: 'thresholds', options: { fal: 3 } } }),
    ],
    [
      'an option of the wrong kind',
      (s) => (s.pools[0].health = { policy: { name: 'thresholds', options: { fall: '3' } } }),
    ],
    ['an option of a policy without any', (s) => (s.pools[0].picker.options = { seed: 1 })],
    ['two backends of one id', (s) => (s.pools[1].backends[0].id = 's1')],
    ['two clients of one id', (s) => void (s.clients = [s.clients[0], s.clients[0]])],
    ['a route to a pool that is not there', (s) => (s.balancer.routes[0].pool = 'gpus')],
    ['routes at layer 4', (s) => (s.balancer.layer = 4)],
    ['two routes for one prefix', (s) => void (s.balancer.routes = [s.balancer.routes[0], s.balancer.routes[0]])],
    ['an action on a backend that is not there', (s) => (s.timeline[0].backend = 's9')],
    [
      'an action on a backend before it joins',
      (s) => {
        const backend = { id: 'new', service: { default: { kind: 'constant', valueUs: 1 } } };
        s.timeline = [
          { do: 'drain', atUs: 1, backend: 'new' },
          { do: 'add-backend', atUs: 2, pool: 'web', backend },
        ];
      },
    ],
    [
      'a rate for a client that is not there',
      (s) => (s.timeline[0] = { do: 'set-rate', atUs: 1, client: 'c2', rateRps: 1 }),
    ],
    ['an action after the end', (s) => (s.timeline[0].atUs = 20_000_000)],
    [
      'a service time for a class nobody sends',
      (s) => (s.pools[0].backends[0].service.vidoe = { kind: 'constant', valueUs: 1 }),
    ],
    [
      'several problems at once',
      (s) => {
        s.timeline[0].backend = 's9';
        s.pools[0].picker.name = 'rand';
      },
    ],
  ])('%s', (_, change) => {
    expect(messageAfter(change)).toMatchSnapshot();
  });

  it.each([null, 7, 'text', []])('%j instead of a scenario', (value) => {
    expect(() => parseScenario(value, 'demo.json')).toThrow(
      /^demo\.json: the document: found .*, expected an object\. /,
    );
  });
});
