/**
 * What a new kata starts from, for each kind of policy: a world's part, a right solution of a few lines, and an answer that is wrong. Authors replace all of it; it is
 * there so that the folder runs from the first minute.
 */
import type { PolicyKind } from '../../grade/policy-kinds.ts';

export interface Sketch {
  /** The first call that decides, and others that the interface asks for. */
  readonly call: string;
  readonly others?: string;
  /** What the factory is handed, as a type. */
  readonly options?: string;
  /** Beside the interface, what the solution imports. */
  readonly types?: string;
  /** The solution: what it remembers, and its calls. */
  readonly remembers?: string;
  readonly right: string;
  /** The starter's answer. */
  readonly idle: string;
  /** Expressions of checks.ts, and the title of the failure the starter ends with. */
  readonly checks: readonly string[];
  readonly fails: string;
}

const FAILED = `outcome.kind !== 'served' || outcome.status >= 500`;
const WORSE = 'Wrong answer: worse than the reference in';

export const SKETCHES: { readonly [K in PolicyKind]: Sketch } = {
  picker: {
    call: 'pick(backends, request, ctx)',
    remembers: 'let turn = 0;',
    right: 'pick: (backends) => backends[turn++ % backends.length],',
    idle: 'return undefined;',
    checks: ['neverDeclines()'],
    fails: 'Wrong answer: nothing was picked although a backend was eligible',
  },
  health: {
    call: 'observe(backend, signal, ctx)',
    options: '{ fall: number; rise: number }',
    remembers: 'const against = new Map<Backend, number>();\nconst out = new Set<Backend>();',
    right: `observe(backend, signal) {
  if (signal.kind !== 'probe') return undefined;
  const count = signal.ok === out.has(backend) ? (against.get(backend) ?? 0) + 1 : 0;
  const turns = count >= (out.has(backend) ? rise : fall);
  against.set(backend, turns ? 0 : count);
  if (!turns) return undefined;
  if (out.delete(backend)) return 'healthy';
  out.add(backend);
  return 'unhealthy';
},`,
    idle: 'return undefined;',
    checks: ['exactThresholds()'],
    fails: 'Wrong answer: a backend is taken out too late',
  },
  outlier: {
    call: 'observe(backend, signal, ctx)',
    options: '{ consecutive5xx: number }',
    remembers: 'const inARow = new Map<Backend, number>();',
    right: `observe(backend, signal) {
  if (signal.kind !== 'response') return undefined;
  const { outcome } = signal;
  const count = ${FAILED} ? (inARow.get(backend) ?? 0) + 1 : 0;
  inARow.set(backend, count);
  return count >= consecutive5xx ? 'unhealthy' : undefined;
},`,
    idle: 'return undefined;',
    checks: [`noWorseThanReference({ metric: 'failed', factor: 1.1, slack: 5 })`],
    fails: `${WORSE} failed`,
  },
  agent: {
    call: 'observe(backend, reply, ctx)',
    right: `observe(backend, reply) {
  if (reply === undefined) return undefined;
  return { health: reply.includes('down') ? 'unhealthy' : 'healthy' };
},`,
    idle: 'return undefined;',
    checks: [`noWorseThanReference({ metric: 'failed', factor: 1.1, slack: 5 })`],
    fails: `${WORSE} failed`,
  },
  retry: {
    call: 'onFailure(request, attempt, outcome, ctx)',
    options: '{ retries: number }',
    right: 'onFailure: (request, attempt) => (attempt <= retries ? 1000 : undefined),',
    idle: 'return undefined;',
    checks: [`noWorseThanReference({ metric: 'failed', factor: 1.1, slack: 5 })`],
    fails: `${WORSE} failed`,
  },
  hedge: {
    call: 'delayUs(request, attempt, ctx)',
    options: '{ delayUs: number }',
    right: 'delayUs: (request, attempt) => (attempt === 1 ? delayUs : undefined),',
    idle: 'return undefined;',
    checks: [`noWorseThanReference({ metric: 'p99', factor: 1.5 })`],
    fails: `${WORSE} p99`,
  },
  admission: {
    call: 'admit(request, ctx)',
    options: '{ rateRps: number; burst: number }',
    remembers: 'let tokens = burst;\nlet asOfUs = 0;',
    right: `admit(request, { nowUs }) {
  tokens = Math.min(burst, tokens + ((nowUs - asOfUs) * rateRps) / 1_000_000);
  asOfUs = nowUs;
  if (tokens < 1) return Math.ceil(((1 - tokens) * 1_000_000) / rateRps);
  tokens -= 1;
  return undefined;
},`,
    idle: 'return undefined;',
    checks: ['admittedWithin()'],
    fails: 'Wrong answer: more is admitted than rate and burst allow',
  },
  breaker: {
    call: 'state(backend, ctx)',
    others: 'observe(backend, outcome, ctx) {},',
    options: '{ openUs: number }',
    types: 'BreakerState',
    remembers: `const states = new Map<Backend, BreakerState>();
const openedUs = new Map<Backend, number>();
const stateOf = (backend: Backend): BreakerState => states.get(backend) ?? 'closed';`,
    right: `state(backend, { nowUs }) {
  const isOver = nowUs - (openedUs.get(backend) ?? 0) >= openUs;
  if (stateOf(backend) === 'open' && isOver) states.set(backend, 'half-open');
  return stateOf(backend);
},
observe(backend, outcome, { nowUs }) {
  if (stateOf(backend) === 'open') return;
  const failed = ${FAILED};
  states.set(backend, failed ? 'open' : 'closed');
  if (failed) openedUs.set(backend, nowUs);
},`,
    idle: `return 'closed';`,
    checks: ['breakerStates({ openUs: 500_000, opensAfter: 3 })'],
    fails: 'Wrong answer: a circuit stays closed while requests fail',
  },
  router: {
    call: 'route(request, ctx)',
    right: `route: (request) => (request.path.startsWith('/api') ? 'api' : 'web'),`,
    idle: `return 'web';`,
    checks: [`routesTo((request) => (request.path.startsWith('/api') ? 'api' : 'web'))`],
    fails: 'Wrong answer: a request takes the wrong route',
  },
  affinity: {
    call: 'find(backends, request, ctx)',
    others: 'remember(backend, request, ctx) {\n  return undefined;\n},',
    right: `find(backends, request) {
  return backends.find(({ id }) => request.headers['cookie'] === 'SID=' + id);
},
remember: (backend) => 'SID=' + backend.id,`,
    idle: 'return undefined;',
    checks: [`stickyTo({ cookie: 'SID' })`],
    fails: 'Wrong answer: a session is not remembered',
  },
  elector: {
    call: 'next(advertisement, ctx)',
    options: '{ priority: number; address: number; intervalUs: number }',
    remembers: `const downUs = 3 * intervalUs + Math.ceil(((256 - priority) * intervalUs) / 256);
let role: 'backup' | 'master' = 'backup';
let deadlineUs = -1;`,
    right: `next(advertisement, { nowUs }) {
  const theirs = advertisement?.priority ?? -1;
  const isBetter = theirs > priority || (theirs === priority && advertisement!.address > address);
  if (deadlineUs < 0 || isBetter) {
    role = 'backup';
    deadlineUs = nowUs + downUs;
  } else if (nowUs >= deadlineUs || role === 'master') {
    role = 'master';
    deadlineUs = nowUs + intervalUs;
    return { role, advertise: priority, timerUs: intervalUs };
  }
  return { role, timerUs: deadlineUs - nowUs };
},`,
    idle: `return { role: 'backup', timerUs: 100_000 };`,
    checks: ['takeoverWithin(1_000_000)', 'oneMaster(10_000)'],
    fails: 'Wrong answer: nobody takes over',
  },
  flows: {
    call: 'lookup(flow, opening, backends, ctx)',
    remembers: 'const homes = new Map<string, Backend>();',
    right: `lookup(flow, opening, backends) {
  const key = flow.sourceAddress + ':' + flow.sourcePort;
  const home = homes.get(key);
  if (!opening && home !== undefined && backends.includes(home)) return home;
  const chosen = backends[flow.sourcePort % backends.length];
  if (chosen !== undefined) homes.set(key, chosen);
  return chosen;
},`,
    idle: 'return backends[ctx.rng.int(backends.length)];',
    checks: ['flowsSurvive()'],
    fails: 'Wrong answer: an established flow is moved',
  },
  resolver: {
    call: 'resolve(sites, distancesUs, ctx)',
    right: `resolve(sites, distancesUs) {
  const well = sites.filter(({ healthy, loadRps, capacityRps }) => healthy && loadRps < capacityRps);
  const far = (site: Site): number => distancesUs[sites.indexOf(site)] ?? Infinity;
  const nearest = (well.length > 0 ? well : sites).reduce((a, b) => (far(b) < far(a) ? b : a));
  return { sites: [nearest.id], ttlUs: 20_000_000 };
},`,
    types: 'Site',
    idle: 'return { sites: sites.slice(0, 1).map(({ id }) => id), ttlUs: 20_000_000 };',
    checks: ['answersNearestHealthy()'],
    fails: 'Wrong answer: the answer is not the nearest healthy site with room',
  },
};
