import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  handle,
  type ControlRequest,
  type ControlState,
  type ManagedBackend,
} from '../../../engine/balancer/control-plane.ts';

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
  pools: ['web', 'api'],
  backends: [backend('s1'), backend('s2', { status: 'UNHEALTHY', activeConnections: 5 })],
  retired: ['s9'],
  reserved: ['s8'],
  requestsPerSec: 300,
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
  return { status: response.status, headers: response.headers, json: JSON.parse(response.body), changes };
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
    const { status, json, changes } = ask('POST', '/backends', { id: 'S 3', port: 80.5, weight: 0, colour: 'red' });
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
    ['a limit this balancer does not have', 400, 'UNKNOWN_FIELD', { ...NEW, max_connections: 10 }],
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
    ['PATCH', '/backends/s1', 'GET, DELETE'],
    ['POST', '/health', 'GET'],
  ])('%s %s is a 405 that says what is allowed', (method, path, allow) => {
    expect(ask(method, path)).toMatchObject({ status: 405, headers: { allow } });
  });

  test.each(['/', '/backend', '/backends/s1/drain', '/health/s1'])('%s is a 404', (path) => {
    expect(ask('GET', path).status).toBe(404);
  });

  test('no request breaks it, and a refusal changes nothing and says what to do', () => {
    const path = fc.oneof(fc.string(), fc.constantFrom('/backends', '/backends/s1', '/health', '/backends/__proto__'));
    const method = fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE', 'constructor'), fc.string());
    fc.assert(
      fc.property(method, path, fc.oneof(fc.json(), fc.string()), fc.option(fc.string()), (verb, url, body, match) => {
        const headers = { 'content-type': 'application/json', ...(match !== null && { 'if-match': match }) };
        const { response, changes } = handle({ method: verb, path: url, headers, body }, STATE);
        const json = JSON.parse(response.body);
        if (response.status < 400) return;
        expect(changes).toEqual([]);
        expect(json.errors.length).toBeGreaterThan(0);
        const text = expect.stringMatching(/\S/);
        for (const error of json.errors) expect(error).toMatchObject({ code: text, message: text, remedy: text });
      }),
    );
  });
});
