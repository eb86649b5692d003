import { describe, expect, test } from 'vitest';
import * as engine from '../../../engine/index.ts';
import type { Check, Flow, Policies, Scenario, ScenarioInput, Site } from '../../../engine/index.ts';
import type { Breach, SeenCall } from '../../../engine/grade/check.ts';
import { judge } from '../../../engine/grade/judge.ts';
import { mapPolicies } from '../../../engine/grade/map-policies.ts';
import type { PolicyKind, PolicyOf } from '../../../engine/grade/policy-kinds.ts';
import { COLUMN, recordTape } from '../../../engine/grade/tape.ts';
import { fromLibrary } from '../world/library.ts';
import { alike, constant, exponential, ms, s, world } from '../world/build.ts';

type Failure = ReturnType<typeof judge>['failure'];

/** What a check says of a run in which one kind of policy is `make`'s; the scenario's own where that is absent. */
function found<K extends PolicyKind>(check: Check, scenario: Scenario, kind: K, make?: () => PolicyOf[K]): Failure {
  const own = (): Policies => engine.policiesFor(scenario);
  const wanted: PolicyKind = kind;
  const other = mapPolicies(own(), (of, policy) => (of === wanted && make ? (make() as never) : policy));
  const { policies, tape } = recordTape(other, [COLUMN[kind]]);
  new engine.Simulation(scenario, policies, { seed: 5 }).runToEnd();
  return judge([check], { scenario, seed: 5, tape: tape(), policies: own }).failure;
}

type PoolInput = ScenarioInput['pools'][number];
const pool = (change: Partial<PoolInput>): PoolInput => ({
  picker: { name: 'round-robin' },
  backends: alike(4, { service: { default: exponential(ms(40)) }, workers: 2 }),
  ...change,
});
const busy = (change: Partial<PoolInput> = {}, more: Partial<ScenarioInput> = {}): Scenario =>
  world({
    durationUs: s(6),
    clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 150 }, users: 30 }],
    pools: [pool(change)],
    ...more,
  });

interface Case<K extends PolicyKind = PolicyKind> {
  readonly check: Check;
  readonly scenario: Scenario;
  readonly kind: K;
  readonly wrong: () => PolicyOf[K];
  readonly title: string;
}
const of = <K extends PolicyKind>(one: Case<K>): Case => one;

const first = { pick: (backends: readonly engine.Backend[]) => backends[0] };
const byId = (request: engine.Request): string => String(request.id % 40);
const weighted = pool({ picker: { name: 'smooth-weighted-round-robin' } });
weighted.backends.forEach((backend, at) => Object.assign(backend, { weight: [5, 1, 1, 2][at] }));
const burstAll = () => {
  let turn = 0;
  return {
    pick(backends: readonly engine.Backend[]) {
      const wheel = backends.flatMap((backend) => Array.from({ length: backend.weight }, () => backend));
      return wheel[turn++ % wheel.length];
    },
  };
};
const limits = (rateRps: number, burst: number) => [{ name: 'token-bucket', options: { rateRps, burst } }];
const failing = [
  { do: 'fail' as const, atUs: s(1), backend: 's1', share: 0.9 },
  { do: 'recover' as const, atUs: s(3), backend: 's1' },
];

const cases: Record<string, Case> = {
  leastLoaded: of({
    check: engine.leastLoaded(),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: a busier backend is picked',
  }),
  tiesSpread: of({
    check: engine.tiesSpread(),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => ({ pick: (backends) => backends.reduce((a, b) => (b.inFlight < a.inFlight ? b : a)) }),
    title: 'Wrong answer: ties always go the same way',
  }),
  sharesWithinSlack: of({
    check: engine.sharesWithin({ slack: 1 }),
    scenario: world({ durationUs: s(6), pools: [weighted] }),
    kind: 'picker',
    wrong: burstAll,
    title: 'Wrong answer: picks come in bursts, or shares do not follow the weights',
  }),
  sharesWithinChance: of({
    check: engine.sharesWithin(),
    scenario: busy({ picker: { name: 'random' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: shares do not follow the weights',
  }),
  neverPicks: of({
    check: engine.neverPicks('in zone b', ({ zone }) => zone === 'b'),
    scenario: busy({
      picker: { name: 'first' },
      backends: [
        ...alike(1, { service: { default: constant(1) } }),
        { id: 'far', zone: 'b', service: { default: constant(1) } },
      ],
    }),
    kind: 'picker',
    wrong: () => ({ pick: (backends) => backends.at(-1) }),
    title: 'Wrong answer: a backend is picked that is in zone b',
  }),
  keyAffinity: of({
    check: engine.keyAffinity(({ sourceAddress }) => sourceAddress),
    scenario: busy({ picker: { name: 'ketama', options: { key: 'source' } } }),
    kind: 'picker',
    wrong: () => ({ pick: (backends, { id }) => backends[id % backends.length] }),
    title: 'Wrong answer: a key changes its backend though nobody came or went',
  }),
  keysSpread: of({
    check: engine.keysSpread({ key: byId, factor: 1.5 }),
    scenario: busy({ picker: { name: 'random' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: the keys are spread unevenly',
  }),
  choicesOf: of({
    check: engine.choicesOf(2),
    scenario: busy({ picker: { name: 'power-of-two-choices' } }),
    kind: 'picker',
    wrong: () => ({ pick: (backends) => backends.reduce((a, b) => (b.inFlight > a.inFlight ? b : a)) }),
    title: 'Wrong answer: the busiest of all is picked',
  }),
  choicesOfRanks: of({
    check: engine.choicesOf(2),
    scenario: busy({ picker: { name: 'power-of-two-choices' } }),
    kind: 'picker',
    wrong: () => ({ pick: (backends) => backends.reduce((a, b) => (b.inFlight < a.inFlight ? b : a)) }),
    title: 'Wrong answer: the ranks of those picked do not agree with 2 random candidates',
  }),
  choicesOfAll: of({
    check: engine.choicesOf(2),
    scenario: busy({ picker: { name: 'power-of-two-choices' } }),
    kind: 'picker',
    // The last backend is never the first of the two.
    wrong: () => ({
      pick(backends, _request, { rng }) {
        const first = rng.int(backends.length - 1);
        const second = rng.int(backends.length - 1);
        const [a, b] = [backends[first]!, backends[second < first ? second : second + 1]!];
        return b.inFlight < a.inFlight ? b : a;
      },
    }),
    title: 'Wrong answer: one backend is picked too seldom for 2 random candidates',
  }),
  choicesOfNeighbours: of({
    check: engine.choicesOf(2),
    // Among a hundred the ranks come out right all the same.
    scenario: busy({
      picker: { name: 'power-of-two-choices' },
      backends: alike(100, { service: { default: exponential(ms(1200)) } }),
    }),
    kind: 'picker',
    wrong: () => ({
      pick(backends, _request, { rng }) {
        const first = rng.int(backends.length);
        const [a, b] = [backends[first]!, backends[(first + 1) % backends.length]!];
        return b.inFlight < a.inFlight ? b : a;
      },
    }),
    title: 'Wrong answer: the candidates are neighbours in the list',
  }),
  movedKeysAtMost: of({
    check: engine.movedKeysAtMost({ key: byId, share: 0.05 }),
    scenario: busy(
      { picker: { name: 'first' } },
      {
        timeline: [
          { do: 'crash', atUs: s(3), backend: 's4' },
          { do: 'remove-backend', atUs: s(3), backend: 's4' },
        ],
      },
    ),
    kind: 'picker',
    wrong: () => ({ pick: (backends, request) => backends[Number(byId(request)) % backends.length] }),
    title: 'Wrong answer: a change of the pool moves too many keys',
  }),
  loadBound: of({
    check: engine.loadBound(1.25),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: a backend gets more than its bound',
  }),
  p99Below: of({
    check: engine.p99Below(s(1)),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: the slowest hundredth takes too long',
  }),
  availabilityAtLeast: of({
    check: engine.availabilityAtLeast(0.99),
    scenario: busy({ backends: alike(4, { service: { default: exponential(ms(20)) }, workers: 2, queueLimit: 4 }) }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: too many requests fail',
  }),
  noWorseThanReference: of({
    check: engine.noWorseThanReference({ metric: 'mean', factor: 1.1 }),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: worse than the reference in mean',
  }),
  everyRequestEnds: of({
    check: engine.everyRequestEnds(s(1)),
    scenario: busy({ picker: { name: 'least-connections' } }),
    kind: 'picker',
    wrong: () => first,
    title: 'Wrong answer: a request does not end',
  }),
  admittedTooMany: of({
    check: engine.admittedWithin({ rateRps: 50, burst: 10 }),
    scenario: busy({ rateLimits: limits(50, 10) }),
    kind: 'admission',
    wrong: () => ({ admit: () => undefined }),
    title: 'Wrong answer: more is admitted than rate and burst allow',
  }),
  admittedTooFew: of({
    check: engine.admittedWithin({ rateRps: 50, burst: 10 }),
    scenario: busy({ rateLimits: limits(50, 10) }),
    kind: 'admission',
    wrong: () => ({ admit: () => 1000 }),
    title: 'Wrong answer: a request is refused that rate and burst allow',
  }),
  admittedNoneOfOne: of({
    check: engine.admittedWithin({ rateRps: 50, burst: 1 }),
    scenario: busy({ rateLimits: limits(50, 1) }),
    kind: 'admission',
    wrong: () => ({ admit: () => 1000 }),
    title: 'Wrong answer: a request is refused that rate and burst allow',
  }),
  refusedUntil: of({
    check: engine.refusedUntil({ rateRps: 50, burst: 10 }),
    scenario: busy({ rateLimits: limits(50, 10) }),
    kind: 'admission',
    wrong: () => ({ admit: () => 5000 }),
    title: 'Wrong answer: who is refused is told a wrong time',
  }),
  amplificationAtMost: of({
    check: engine.amplificationAtMost({ share: 0.3, minimum: 5 }),
    scenario: busy(
      { retry: { retries: 3, on: ['5xx'], budget: { kind: 'slots', minPerSecond: 0, share: 0.2 } } },
      { timeline: ['s1', 's2', 's3', 's4'].map((backend) => ({ do: 'fail', atUs: s(1), backend })) },
    ),
    kind: 'retry',
    wrong: () => ({ onFailure: (_, attempt) => (attempt < 4 ? 0 : undefined) }),
    title: 'Wrong answer: retries multiply the load',
  }),
  retriesOnlySafe: of({
    check: engine.retriesOnlySafe(),
    scenario: busy(
      { retry: { retries: 1, on: ['5xx'] } },
      {
        clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 50 }, requests: [{ method: 'POST' }] }],
        timeline: failing,
      },
    ),
    kind: 'retry',
    wrong: () => ({ onFailure: (_, attempt) => (attempt < 2 ? 0 : undefined) }),
    title: 'Wrong answer: a request is tried again that may have been carried out',
  }),
  breakerStates: of({
    check: engine.breakerStates({ openUs: ms(500) }),
    scenario: busy({ breaker: { windowUs: ms(500), minimum: 5, openUs: ms(500) } }, { timeline: failing }),
    kind: 'breaker',
    // Opens at a failure, and closes when its time is up.
    wrong: () => {
      const openedUs = new Map<engine.Backend, number>();
      return {
        state: (backend, { nowUs }) => (nowUs - (openedUs.get(backend) ?? -s(9)) < ms(500) ? 'open' : 'closed'),
        observe(backend, { status }, { nowUs }) {
          if (status >= 500) openedUs.set(backend, nowUs);
        },
      };
    },
    title: 'Wrong answer: a circuit closes without a trial',
  }),
  ejectsOnly: of({
    check: engine.ejectsOnly(),
    scenario: busy({ outlier: { name: 'outlier-detection', options: { consecutive5xx: 3 } } }, { timeline: failing }),
    kind: 'outlier',
    wrong: () => ({ observe: () => 'unhealthy' as const }),
    title: 'Wrong answer: a good backend is ejected',
  }),
  ejectsAtMost: of({
    check: engine.ejectsAtMost(0.5),
    scenario: busy(
      { outlier: { name: 'outlier-detection', options: { consecutive5xx: 3, maxEjectionPercent: 10 } } },
      { timeline: failing },
    ),
    kind: 'outlier',
    wrong: () => ({ observe: () => 'unhealthy' as const }),
    title: 'Wrong answer: too many backends are ejected',
  }),
  returnsWithin: of({
    check: engine.returnsWithin(s(3)),
    scenario: busy(
      { outlier: { name: 'max-fails', options: { fails: 2, windowUs: s(1), outUs: s(1) } } },
      { timeline: failing },
    ),
    kind: 'outlier',
    wrong: () => ({
      observe: (_, signal) => (signal.kind === 'response' && signal.outcome.status >= 500 ? 'unhealthy' : undefined),
    }),
    title: 'Wrong answer: an ejected backend does not come back',
  }),
  ejectionGrows: of({
    check: engine.ejectionGrows({ baseUs: ms(500), sweepUs: ms(100) }),
    scenario: busy(
      {
        outlier: {
          name: 'outlier-detection',
          options: { intervalUs: ms(100), consecutive5xx: 3, baseEjectionUs: ms(500) },
        },
      },
      { timeline: failing },
    ),
    kind: 'outlier',
    wrong: () => ({
      sweepEveryUs: ms(100),
      observe: (_, signal) => (signal.kind === 'response' && signal.outcome.status >= 500 ? 'unhealthy' : undefined),
      sweep: (backends) => new Map(backends.map((backend) => [backend, 'healthy'])),
    }),
    title: 'Wrong answer: an ejection ends too early',
  }),
  stickyTo: of({
    check: engine.stickyTo({ cookie: 'SERVERID' }),
    scenario: busy({ affinity: { name: 'inserted-cookie' } }),
    kind: 'affinity',
    wrong: () => ({ find: () => undefined, remember: () => undefined }),
    title: 'Wrong answer: a session is not remembered',
  }),
  stickyToLeaves: of({
    check: engine.stickyTo({ cookie: 'SERVERID' }),
    scenario: busy(
      { affinity: { name: 'inserted-cookie' } },
      { timeline: [{ do: 'drain', atUs: s(2), backend: 's1' }] },
    ),
    kind: 'affinity',
    wrong: () => ({ find: () => undefined, remember: ({ id }) => `SERVERID=${id}` }),
    title: 'Wrong answer: a session leaves its backend',
  }),
  refusesForged: of({
    check: engine.refusesForged('SID'),
    scenario: busy(
      { affinity: { name: 'signed-cookie', options: { cookie: 'SID' } } },
      {
        clients: [
          {
            id: 'c1',
            arrivals: { kind: 'constant', rateRps: 20 },
            requests: [{ headers: { cookie: 'SID=s2.99999999.0' } }],
          },
        ],
      },
    ),
    kind: 'affinity',
    wrong: () => ({
      find: (backends, { headers }) => backends.find(({ id }) => headers['cookie']?.includes(`=${id}`)),
      remember: () => undefined,
    }),
    title: 'Wrong answer: a forged cookie is believed',
  }),
  routesTo: of({
    check: engine.routesTo(({ path }) => (path.startsWith('/api') ? 'b' : 'a')),
    scenario: busy(
      {},
      {
        clients: [
          {
            id: 'c1',
            arrivals: { kind: 'constant', rateRps: 20 },
            requests: [{ path: '/' }, { name: 'api', path: '/api' }],
          },
        ],
        balancer: { routes: [{ pathPrefix: '/api', pool: 'b' }] },
        pools: [
          { ...pool({}), id: 'a' },
          { id: 'b', picker: { name: 'random' }, backends: [{ id: 'b1', service: { default: constant(1) } }] },
        ],
      },
    ),
    kind: 'router',
    wrong: () => ({ route: () => 'a' }),
    title: 'Wrong answer: a request takes the wrong route',
  }),
};

describe.each(Object.entries(cases))('%s', (_, { check, scenario, kind, wrong, title }) => {
  test('lets the reference pass', () => {
    expect(found(check, scenario, kind)).toBeUndefined();
  });
  test('finds the wrong policy, and says what was chosen, what was better and what it cost', () => {
    const failure = found(check, scenario, kind, wrong);
    expect(failure?.title).toBe(title);
    expect(failure?.chose).not.toBe('');
    expect(failure?.better).not.toBe('');
    expect(failure?.costlyUs).toContain(failure?.when?.atUs);
  });
});

/** What a check says of calls that are told to it one by one. */
function told(check: Check, feed: (watcher: ReturnType<Check['watch']>) => void): string[] {
  const breaches: Breach[] = [];
  const watcher = check.watch(world({ durationUs: s(10) }), (breach) => breaches.push(breach));
  feed(watcher);
  watcher.end?.({ yours: () => 0, reference: () => 0 });
  return breaches.map(({ title, chose, better }) => `${title}: ${chose}; ${better}`);
}
const seen = (atUs: number, args: unknown[], answer: unknown, node = ''): SeenCall<never> =>
  ({ decision: 0, atUs, pool: '', node, args, answer }) as unknown as SeenCall<never>;

test('a check on the slowest latencies says where its limit lies', () => {
  const { check, scenario, kind, wrong } = cases.p99Below!;
  expect(found(check, scenario, kind, wrong)?.limitUs).toBe(s(1));
  const paired = engine.noWorseThanReference({ metric: 'p99', slack: ms(5) });
  const reference = new engine.Simulation(scenario, engine.policiesFor(scenario), { seed: 5 });
  reference.runToEnd();
  const p99Us = engine.measure(reference.log, { metric: 'p99' });
  expect(found(paired, scenario, kind, wrong)?.limitUs).toBe(p99Us + ms(5));
});

test('who comes back with a sweep makes room for who goes, in whichever order the answer names them', () => {
  const [a, b] = [{ id: 's1' }, { id: 's2' }];
  const sweeps = (second: [object, string][]) =>
    told(engine.ejectsAtMost(1 / 3), (watcher) => {
      const sweep = watcher.on!.outlier!.sweep!;
      sweep(seen(s(1), [[a, b]], new Map([[b, 'unhealthy']])));
      sweep(seen(s(3), [[a, b]], new Map(second)));
    });
  const [back, goes]: [object, string][] = [
    [b, 'healthy'],
    [a, 'unhealthy'],
  ];
  expect(sweeps([goes!, back!])).toEqual(sweeps([back!, goes!]));
  expect(sweeps([goes!, back!])).toEqual([]);
  expect(sweeps([goes!])).toHaveLength(1);
});

describe('elections', () => {
  const next = (watcher: ReturnType<Check['watch']>, atUs: number, node: string, role: string) =>
    watcher.on!.elector!.next!(seen(atUs, [undefined], { role, timerUs: s(1) }, node));

  test('one master at a time is right, and two are not once they could have heard each other', () => {
    expect(
      told(engine.oneMaster(ms(10)), (watcher) =>
        [0, 1, 2].forEach((second) => next(watcher, s(second), 'lb1', 'master')),
      ),
    ).toEqual([]);
    const both = told(engine.oneMaster(ms(10)), (watcher) =>
      [0, 1, 2].forEach((second) => ['lb1', 'lb2'].forEach((node) => next(watcher, s(second), node, 'master'))),
    );
    expect(both[0]).toMatch(/^Wrong answer: there are two masters: lb1 and lb2 were master together for 10 s;/);
  });

  test('a master that died is none any more', () => {
    const after = told(engine.oneMaster(ms(10)), (watcher) => {
      next(watcher, 0, 'lb1', 'master');
      [4, 5, 6].forEach((second) => next(watcher, s(second), 'lb2', 'master'));
    });
    expect(after).toEqual([]);
  });

  test('nobody takes over, and the address flaps', () => {
    expect(told(engine.takeoverWithin(s(4)), (watcher) => next(watcher, s(1), 'lb1', 'master'))).toEqual([
      'Wrong answer: nobody takes over: no master for 9 s; a new one within 4 s',
    ]);
    const flaps = told(engine.changesHandsAtMost(1), (watcher) =>
      ['lb1', 'lb2', 'lb1'].forEach((node, second) => next(watcher, s(second), node, 'master')),
    );
    expect(flaps).toEqual([
      'Wrong answer: the address flaps: lb1 is master, the change number 2; lb2 stays: 1 changes are what this world needs',
    ]);
  });
});

test('a flow that is moved while its backend is there, and not one whose backend has gone', () => {
  const [a, b] = [{ id: 'a' }, { id: 'b' }] as unknown as engine.Backend[];
  const flow: Flow = {
    sourceAddress: 0x0a000001,
    sourcePort: 1234,
    destinationAddress: 1,
    destinationPort: 80,
    protocol: 6,
  };
  const packets = (...rows: [boolean, unknown[], unknown][]) =>
    told(engine.flowsSurvive(), (watcher) =>
      rows.forEach(([opening, backends, answer], at) =>
        watcher.on!.flows!.lookup!(seen(at, [flow, opening, backends], answer)),
      ),
    );
  expect(packets([true, [a, b], a], [false, [a, b], a], [false, [b], b])).toEqual([]);
  expect(packets([true, [a, b], a], [false, [a, b], b])).toEqual([
    'Wrong answer: an established flow is moved: b for 10.0.0.1:1234 to port 80; a, which has its connection and is still there',
  ]);
});

test('an answer that is not the nearest healthy site with room', () => {
  const sites: Site[] = [
    { id: 'near', healthy: false, loadRps: 0, capacityRps: 10 },
    { id: 'full', healthy: true, loadRps: 10, capacityRps: 10 },
    { id: 'far', healthy: true, loadRps: 0, capacityRps: 10 },
  ];
  const answered = (id: string) =>
    told(engine.answersNearestHealthy(), (watcher) =>
      watcher.on!.resolver!.resolve!(seen(0, [sites, [ms(1), ms(2), ms(3)]], { sites: [id], ttlUs: s(30) })),
    );
  expect(answered('far')).toEqual([]);
  expect(answered('near')[0]).toContain('near, 1 ms away, which is not healthy; far, 3 ms away');
  expect(answered('full')[0]).toContain('full, 2 ms away, which has no room');
});

test('steps beyond the budget, with the number of backends they grow with', () => {
  const check = engine.costPerDecisionBelow({ steps: 20 });
  const scenario = busy({ backends: alike(60, { service: { default: constant(1) } }) });
  const { policies, tape } = recordTape(engine.policiesFor(scenario), ['picks']);
  new engine.Simulation(scenario, policies, { seed: 1 }).runToEnd();
  const lines = new Uint16Array(tape().picks!.length);
  const cost = (steps: number) =>
    judge([check], {
      scenario,
      seed: 1,
      tape: tape(),
      lines,
      steps: steps * lines.length,
      policies: () => engine.policiesFor(scenario),
    }).failure;
  expect(cost(12)).toBeUndefined();
  expect(cost(65)).toMatchObject({
    chose: '65.0 steps for a decision, with 60 backends',
    better: 'at most 20, whatever the number of backends',
    cost: 'Each step is work on every request. With 60 backends it looks at all of them: keep ready what a decision needs, and mend it when something changes.',
  });
});

describe('in a tier', () => {
  const failover = { ...fromLibrary('failover-in-seconds'), durationUs: s(30) };
  const flows = { ...fromLibrary('ecmp-maglev-with-table'), durationUs: s(10) };

  test('VRRP has one master, a new one in time, and no flapping', () => {
    for (const check of [engine.oneMaster(ms(10)), engine.takeoverWithin(s(4)), engine.changesHandsAtMost(2)]) {
      expect(found(check, failover, 'elector')).toBeUndefined();
    }
  });

  test('routers that are all master are found, and so is nobody', () => {
    const always = (role: 'master' | 'backup') => () => ({ next: () => ({ role, advertise: 100, timerUs: s(1) }) });
    expect(found(engine.oneMaster(ms(10)), failover, 'elector', always('master'))?.title).toBe(
      'Wrong answer: there are two masters',
    );
    expect(found(engine.takeoverWithin(s(4)), failover, 'elector', always('backup'))?.title).toBe(
      'Wrong answer: nobody takes over',
    );
  });

  test('flow tables keep their flows, and a hash of the moment does not', () => {
    expect(found(engine.flowsSurvive(), flows, 'flows')).toBeUndefined();
    const anywhere = () => ({
      lookup: (_: Flow, __: boolean, backends: readonly engine.Backend[], ctx: engine.Context) =>
        backends[ctx.rng.int(backends.length)],
    });
    expect(found(engine.flowsSurvive(), flows, 'flows', anywhere)?.title).toBe(
      'Wrong answer: an established flow is moved',
    );
  });
});
