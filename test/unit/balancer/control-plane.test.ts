import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handle } from '../../../engine/balancer/control-plane/control-plane.ts';
import type { ControlRequest } from '../../../engine/balancer/control-plane/http.ts';
import type { ControlState, ManagedBackend } from '../../../engine/balancer/control-plane/state.ts';

function backend(id: string, more: Partial<ManagedBackend> = {}): ManagedBackend {
  return {
    id,
    pool: 'web',
    host: '10.0.0.1',
    port: 8080,
    weight: 1,
    healthCheckPath: '/health',
    status: 'HEALTHY',
    activeConnections: 2,
    requestsCount: 10,
    errorCount: 1,
    consecutiveFailures: 0,
    createdAtUs: 0,
    updatedAtUs: 0,
    ...more,
  };
}

const STATE: ControlState = {
  loadBalancerId: 'lb',
  version: 3,
  targetGroups: [
    { id: 'web', algorithm: 'round-robin', backends: ['s1', 's2'] },
    { id: 'api', algorithm: 'least-connections', backends: ['s2'] },
  ],
  rules: [
    {
      ruleId: 'rule-1',
      pathPrefix: '/api',
      algorithm: 'least-connections',
      backends: ['s2'],
      sessionSticky: false,
    },
  ],
  listeners: [{ listenerId: 'listener-1', protocol: 'HTTP', port: 80, defaultTargetGroup: 'web' }],
  backends: [backend('s1'), backend('s2', { status: 'UNHEALTHY', activeConnections: 5 })],
  retired: ['s9'],
  reserved: ['s8'],
  algorithms: ['round-robin', 'least-connections'],
  nextRule: 5,
  nextListener: 2,
  requestsPerSec: 300,
  metrics: () => '# HELP ballast_requests_total …\n',
};

const NEW = { id: 's3', host: '10.0.0.3', port: 8080 };

function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  const request: ControlRequest = {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    ...(text !== undefined && { body: text }),
  };
  const { response, changes } = handle(request, STATE);
  const isJson = response.headers['content-type'] === 'application/json';
  const json = isJson ? JSON.parse(response.body) : undefined;
  return { status: response.status, headers: response.headers, text: response.body, json, changes };
}

describe('reading', () => {
  test('GET /backends lists id, host, port, weight and status', () => {
    const { status, json, headers } = ask('GET', '/backends');
    expect(status).toBe(200);
    expect(json.backends[1]).toEqual({ id: 's2', host: '10.0.0.1', port: 8080, weight: 1, status: 'UNHEALTHY' });
    expect(headers).toMatchObject({ etag: '"3"', 'cache-control': 'no-store', 'content-type': 'application/json' });
  });

  test('GET /backends/{id} adds counters, the last check and the last change, in simulated seconds', () => {
    const checked = backend('s1', {
      lastHealthCheckAtUs: 2_500_000,
      lastHealthChange: { atUs: 500_000, status: 'HEALTHY' },
    });
    const { response } = handle({ method: 'GET', path: '/backends/s1' }, { ...STATE, backends: [checked] });
    expect(JSON.parse(response.body)).toMatchObject({
      requests_count: 10,
      error_count: 1,
      active_connections: 2,
      last_health_check_at: 2.5,
      last_health_change: { at: 0.5, status: 'HEALTHY' },
    });
  });

  test('GET /health sums connections and tells the belief about each backend', () => {
    expect(ask('GET', '/health').json).toEqual({
      load_balancer_id: 'lb',
      active_connections: 7,
      requests_per_sec: 300,
      backend_health: { s1: 'HEALTHY', s2: 'UNHEALTHY' },
    });
  });
});

describe('registering', () => {
  test('answers 201 with where it is, and asks for one change; the version moves on', () => {
    const { status, json, headers, changes } = ask('POST', '/backends', NEW);
    expect(status).toBe(201);
    expect(json).toEqual({ id: 's3', status: 'REGISTERED' });
    expect(headers).toMatchObject({ location: '/backends/s3', etag: '"4"' });
    expect(changes).toEqual([
      { kind: 'register', pool: 'web', backend: { ...NEW, weight: 1, healthCheckPath: '/health' } },
    ]);
  });

  test('goes to the pool that is named', () => {
    expect(ask('POST', '/backends', { ...NEW, pool: 'api' }).changes).toMatchObject([{ pool: 'api' }]);
  });

  test('tells every wrong field at once, each with its remedy', () => {
    const { status, json, changes } = ask('POST', '/backends', { id: 'S 3', port: 80.5, weight: -1, colour: 'red' });
    expect(status).toBe(400);
    const errors = json.errors as { code: string; field: string; remedy: string }[];
    expect(errors.map((error) => [error.code, error.field])).toEqual([
      ['INVALID_FIELD', 'id'],
      ['MISSING_FIELD', 'host'],
      ['INVALID_FIELD', 'port'],
      ['INVALID_FIELD', 'weight'],
      ['UNKNOWN_FIELD', 'colour'],
    ]);
    for (const error of errors) expect(error.remedy).toMatch(/\S/);
    expect(changes).toEqual([]);
  });

  test.each([
    ['', 'INVALID_JSON'],
    ['{id: s3}', 'INVALID_JSON'],
    ['[1]', 'INVALID_BODY'],
    ['null', 'INVALID_BODY'],
  ])('refuses the body %j with 400 %s', (body, code) => {
    const { status, json } = ask('POST', '/backends', body);
    expect([status, json.errors[0].code]).toEqual([400, code]);
  });

  test.each([
    ['an id in use', 409, 'DUPLICATE_ID', { ...NEW, id: 's1' }],
    ['an id that was used in this run', 409, 'DUPLICATE_ID', { ...NEW, id: 's9' }],
    ['an id that joins later', 409, 'DUPLICATE_ID', { ...NEW, id: 's8' }],
    ['an unknown pool', 422, 'NO_SUCH_POOL', { ...NEW, pool: 'db' }],
    ['a bound on connections of 0', 400, 'INVALID_FIELD', { ...NEW, max_connections: 0 }],
  ])('refuses %s', (_what, status, code, body) => {
    const answer = ask('POST', '/backends', body);
    expect([answer.status, answer.json.errors[0].code, answer.changes]).toEqual([status, code, []]);
  });

  test('reads nothing but JSON', () => {
    const { status, json } = ask('POST', '/backends', NEW, { 'content-type': 'application/x-www-form-urlencoded' });
    expect([status, json.errors[0].field]).toEqual([415, 'Content-Type']);
    expect(ask('POST', '/backends', NEW, { 'content-type': 'application/json; charset=utf-8' }).status).toBe(201);
  });
});

describe('deregistering', () => {
  test('lets requests finish, or cuts them off with force', () => {
    expect(ask('DELETE', '/backends/s2').json).toEqual({ id: 's2', status: 'DEREGISTERED' });
    expect(ask('DELETE', '/backends/s2').changes).toEqual([{ kind: 'deregister', id: 's2', cut: false }]);
    expect(ask('DELETE', '/backends/s2?force=true').changes).toEqual([{ kind: 'deregister', id: 's2', cut: true }]);
  });

  test('refuses a parameter it does not know', () => {
    expect(ask('DELETE', '/backends/s2?forse=true')).toMatchObject({ status: 400, changes: [] });
  });

  test('an unknown backend is a 404 that names those there are', () => {
    const { status, json } = ask('DELETE', '/backends/s7');
    expect(status).toBe(404);
    expect(json.errors[0].remedy).toContain('s1, s2');
  });

  test('one that is gone is a 404 that says so', () => {
    expect(ask('GET', '/backends/s9').json.errors[0].message).toBe('s9 was deregistered.');
  });
});

describe('changing', () => {
  test('PATCH sets weight and bound, answers the backend as it is then, and asks for one change each', () => {
    const { status, json, headers, changes } = ask('PATCH', '/backends/s1', { weight: 3, max_connections: 20 });
    expect([status, json.weight, json.max_connections, headers['etag']]).toEqual([200, 3, 20, '"5"']);
    expect(changes).toEqual([
      { kind: 'set-weight', id: 's1', weight: 3 },
      { kind: 'set-max-connections', id: 's1', maxConnections: 20 },
    ]);
    expect(ask('PATCH', '/backends/s1', { max_connections: null }).changes).toMatchObject([{ maxConnections: null }]);
  });

  test.each([
    [{}, 'NOTHING_TO_CHANGE'],
    [{ weight: -1 }, 'INVALID_FIELD'],
    [{ port: 81 }, 'UNKNOWN_FIELD'],
  ])('PATCH with %j is refused with 400 %s', (body, code) => {
    const { status, json, changes } = ask('PATCH', '/backends/s1', body);
    expect([status, json.errors[0].code, changes]).toEqual([400, code, []]);
  });

  test('the last weight of a group cannot become 0', () => {
    const alone = { ...STATE, backends: [backend('s1'), backend('s2', { weight: 0 })] };
    const headers = { 'content-type': 'application/json' };
    const zero = (id: string) =>
      handle({ method: 'PATCH', path: `/backends/${id}`, headers, body: '{"weight":0}' }, alone).response.status;
    expect([zero('s1'), zero('s2')]).toEqual([400, 200]);
  });

  test('POST drain answers 202 and how many are left; a timeout says when they are cut off', () => {
    const { status, json, changes } = ask('POST', '/backends/s1/drain', { timeout_sec: 2.5 });
    expect([status, json]).toEqual([202, { id: 's1', status: 'DRAINING', active_connections: 2 }]);
    expect(changes).toEqual([{ kind: 'drain', id: 's1', timeoutUs: 2_500_000 }]);
    expect(ask('POST', '/backends/s1/drain').changes).toEqual([{ kind: 'drain', id: 's1', timeoutUs: null }]);
    expect(ask('POST', '/backends/s1/drain', { timeout_sec: 0 }).status).toBe(400);
  });
});

describe('routing', () => {
  const RULE = { path_prefix: '/video', algorithm: 'round_robin', backends: ['s1'] };

  test('a rule gets an id and joins the routing as one change', () => {
    const { status, json, headers, changes } = ask('POST', '/routing-rules', { ...RULE, headers: { 'X-Beta': '1' } });
    expect([status, json, headers['location']]).toEqual([201, { rule_id: 'rule-5' }, '/routing-rules/rule-5']);
    expect(changes).toMatchObject([
      {
        kind: 'configure',
        routing: { rules: [{ ruleId: 'rule-1' }, { ruleId: 'rule-5', headers: { 'x-beta': '1' } }] },
      },
    ]);
  });

  test.each([
    ['a backend that is not there', 422, 'NO_SUCH_BACKEND', 'backends', { ...RULE, backends: ['s1', 's7'] }],
    ['an unknown algorithm', 400, 'UNKNOWN_ALGORITHM', 'algorithm', { ...RULE, algorithm: 'fastest' }],
    ['no backends', 400, 'INVALID_FIELD', 'backends', { ...RULE, backends: [] }],
    ['a rule like another', 409, 'DUPLICATE_RULE', 'priority', { ...RULE, path_prefix: '/api' }],
    ['a path that is none', 400, 'INVALID_FIELD', 'path_prefix', { ...RULE, path_prefix: 'api' }],
  ])('%s is refused', (_what, status, code, field, body) => {
    const answer = ask('POST', '/routing-rules', body);
    expect([answer.status, answer.json.errors[0].code, answer.json.errors[0].field]).toEqual([status, code, field]);
    expect([answer.changes, answer.json.errors[0].remedy]).toEqual([[], expect.stringMatching(/\S/)]);
  });

  test('a rule can be deleted, once', () => {
    expect(ask('DELETE', '/routing-rules/rule-1').changes).toMatchObject([{ routing: { rules: [] } }]);
    expect(ask('DELETE', '/routing-rules/rule-2').status).toBe(404);
  });

  test('a target group, its health check and a listener are refused where they refer to nothing or make no sense', () => {
    const check = { interval_sec: 2, timeout_sec: 1, healthy_threshold: 2, unhealthy_threshold: 3 };
    expect(ask('POST', '/target-groups', { id: 'canary', algorithm: 'round_robin', backends: ['s1'] }).status).toBe(
      201,
    );
    expect(ask('POST', '/target-groups', { id: 'web', algorithm: 'round_robin', backends: ['s1'] }).status).toBe(409);
    expect(ask('PUT', '/target-groups/web/health-check', check).json).toEqual({ path: '/health', ...check });
    expect(ask('PUT', '/target-groups/db/health-check', check).status).toBe(404);
    const late = ask('PUT', '/target-groups/web/health-check', { ...check, timeout_sec: 3 });
    expect([late.status, late.json.errors[0].field]).toEqual([400, 'timeout_sec']);
    const listener = { protocol: 'TCP', port: 443, default_target_group: 'web' };
    expect(ask('POST', '/listeners', listener).json).toEqual({ listener_id: 'listener-2' });
    expect(ask('POST', '/listeners', { ...listener, port: 80 }).json.errors[0].code).toBe('PORT_TAKEN');
    expect(ask('POST', '/listeners', { ...listener, protocol: 'UDP', port: 80 }).status).toBe(201);
    expect(ask('POST', '/listeners', { ...listener, default_target_group: 'db' }).status).toBe(422);
  });
});

describe('the whole configuration', () => {
  const read = () => ask('GET', '/config').json as Config;

  test('what is read can be put back, and changes nothing', () => {
    const { status, json, changes } = ask('PUT', '/config', read());
    expect([status, json, changes]).toEqual([200, { version: 3 }, []]);
  });

  test('differences become changes: who is new joins, who is missing leaves, the rest is tuned', () => {
    const config = read();
    config.backends = [
      { ...config.backends[1], weight: 4 },
      { ...NEW, health_check_path: '/up' },
    ];
    config.target_groups = [{ ...config.target_groups[0], backends: ['s2', 's3'] }, config.target_groups[1]!];
    expect(ask('PUT', '/config', config).changes).toMatchObject([
      { kind: 'register', pool: 'web', backend: { id: 's3', healthCheckPath: '/up' } },
      { kind: 'set-weight', id: 's2', weight: 4 },
      { kind: 'configure' },
      { kind: 'deregister', id: 's1', cut: false },
    ]);
  });

  test('an old version is a conflict', () => {
    const { status, changes } = ask('PUT', '/config', { ...read(), version: 2 });
    expect([status, changes]).toEqual([409, []]);
  });

  test.each([
    ['backends[0].weight', (config: Config) => (config.backends[0]!['weight'] = -2)],
    ['backends[1].id', (config: Config) => (config.backends[1]!['id'] = 's1')],
    ['routing_rules[0].backends', (config: Config) => (config.routing_rules[0]!['backends'] = ['s7'])],
    ['routing_rules[0].algorithm', (config: Config) => (config.routing_rules[0]!['algorithm'] = 'fastest')],
    ['listeners[0].default_target_group', (config: Config) => (config.listeners[0]!['default_target_group'] = 'db')],
    ['target_groups', (config: Config) => (config.target_groups = [])],
    ['target_groups[1].algorithm', (config: Config) => (config.target_groups[1]!['algorithm'] = 'round_robin')],
    ['backends[0].host', (config: Config) => (config.backends[0]!['host'] = '10.9.9.9')],
  ])('one mistake, at %s, refuses all of it', (field, spoil) => {
    const config = read();
    config.backends[1]!['weight'] = 7;
    spoil(config);
    const { status, json, changes } = ask('PUT', '/config', config);
    expect(status).toBeGreaterThanOrEqual(400);
    expect((json.errors as { field: string }[]).map((error) => error.field)).toContain(field);
    expect(changes).toEqual([]);
  });
});

type Config = Record<'backends' | 'target_groups' | 'routing_rules' | 'listeners', Record<string, unknown>[]>;

test('metrics are text that Prometheus reads', () => {
  const { headers, text } = ask('GET', '/metrics');
  expect([headers['content-type'], text]).toEqual([expect.stringContaining('version=0.0.4'), STATE.metrics()]);
});

describe('versions', () => {
  test('a writer with the current version goes through', () => {
    expect(ask('POST', '/backends', NEW, { 'if-match': '"3"' }).status).toBe(201);
  });

  test.each(['POST /backends', 'DELETE /backends/s1'])('%s with an old version is a conflict', (call) => {
    const [method = '', path = ''] = call.split(' ');
    const { status, json, changes } = ask(method, path, NEW, { 'if-match': '"2"' });
    expect([status, json.errors[0].code, changes]).toEqual([409, 'VERSION_CONFLICT', []]);
  });
});

describe('everything else', () => {
  test.each([
    ['PUT', '/backends', 'GET, POST'],
    ['PUT', '/backends/s1', 'GET, PATCH, DELETE'],
    ['GET', '/backends/s1/drain', 'POST'],
    ['DELETE', '/config', 'GET, PUT'],
    ['POST', '/health', 'GET'],
  ])('%s %s is a 405 that says what is allowed', (method, path, allow) => {
    expect(ask(method, path)).toMatchObject({ status: 405, headers: { allow } });
  });

  test.each(['/', '/backend', '/backends/s1/weight', '/health/s1', '/target-groups/web'])('%s is a 404', (path) => {
    expect(ask('GET', path).status).toBe(404);
  });

  test('no request breaks it, and a refusal changes nothing and says what to do', () => {
    const known = ['/backends', '/backends/s1', '/backends/s1/drain', '/routing-rules', '/routing-rules/rule-1'];
    const others = ['/target-groups', '/target-groups/web/health-check', '/listeners', '/config', '/metrics'];
    const path = fc.oneof(fc.string(), fc.constantFrom(...known, ...others, '/health', '/backends/__proto__'));
    const method = fc.oneof(fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'constructor'), fc.string());
    fc.assert(
      fc.property(method, path, fc.oneof(fc.json(), fc.string()), fc.option(fc.string()), (verb, url, body, match) => {
        const headers = { 'content-type': 'application/json', ...(match !== null && { 'if-match': match }) };
        const { response, changes } = handle({ method: verb, path: url, headers, body }, STATE);
        if (response.status < 400) return;
        const json = JSON.parse(response.body);
        expect(changes).toEqual([]);
        expect(json.errors.length).toBeGreaterThan(0);
        const text = expect.stringMatching(/\S/);
        for (const error of json.errors) expect(error).toMatchObject({ code: text, message: text, remedy: text });
      }),
    );
  });
});
