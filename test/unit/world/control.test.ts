/** The control plane on a real run: what it says follows what happens, and what it changes happens. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { control, pickerNames, policiesFor, Simulation, simulationAt, type Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';

const FILE = new URL('../../../engine/scenarios/nothing-goes-wrong.json', import.meta.url);
const SCENARIO = parseScenario(JSON.parse(readFileSync(FILE, 'utf8')), 'nothing-goes-wrong.json');
const SECOND_US = 1_000_000;

function start(scenario: Scenario = SCENARIO): Simulation {
  return new Simulation(scenario, policiesFor(scenario));
}

/** Asks the control plane of a run, and does to the run what it answers. */
function ask(run: Simulation, call: string, body?: object, headers: Record<string, string> = {}) {
  const [method = '', path = ''] = call.split(' ');
  const request = { method, path, headers: { 'content-type': 'application/json', ...headers } };
  const { response, actions } = control(
    run,
    body === undefined ? request : { ...request, body: JSON.stringify(body) },
    pickerNames,
  );
  for (const action of actions) run.apply(action);
  const isJson = response.headers['content-type'] === 'application/json';
  const json = isJson ? JSON.parse(response.body) : undefined;
  return { status: response.status, etag: response.headers['etag'], text: response.body, json };
}

const S6 = { id: 's6', host: '10.0.1.6', port: 8081, weight: 2 };

describe('a backend that is registered', () => {
  test('gets traffic, is told with its address, and is there again when the run is replayed', () => {
    const run = start();
    run.runUntil(3 * SECOND_US);
    expect(ask(run, 'POST /backends', S6).status).toBe(201);
    run.runUntil(6 * SECOND_US);
    const s6 = run.backends().find(({ id }) => id === 's6')!;
    expect(s6.served).toBeGreaterThan(100);
    expect(ask(run, 'GET /backends/s6').json).toMatchObject({
      ...S6,
      health_check_path: '/health',
      created_at: 3,
      updated_at: 3,
    });
    const again = simulationAt(SCENARIO, () => policiesFor(SCENARIO), run.seed, run.timeline, run.nowUs);
    expect(again.digest()).toBe(run.digest());
  });

  test('is REGISTERED until its first health check', () => {
    const run = start();
    expect(ask(run, 'GET /health').json.backend_health.s1).toBe('REGISTERED');
    run.runUntil(4 * SECOND_US);
    expect(ask(run, 'GET /health').json.backend_health.s1).toBe('HEALTHY');
  });
});

describe('a backend that crashes', () => {
  test('stays HEALTHY until enough checks have failed, then is UNHEALTHY and says since when', () => {
    const run = start();
    run.runUntil(5 * SECOND_US);
    run.apply({ do: 'crash', backend: 's2', atUs: 0 });
    expect(ask(run, 'GET /backends/s2').json.status).toBe('HEALTHY');
    run.runUntil(15 * SECOND_US);
    const { json } = ask(run, 'GET /backends/s2');
    expect(json.status).toBe('UNHEALTHY');
    expect(json.consecutive_failures).toBeGreaterThanOrEqual(3);
    expect(json.last_health_change.status).toBe('UNHEALTHY');
    expect(json.last_health_change.at).toBeGreaterThan(5);
    expect(json.last_health_check_at).toBeGreaterThan(Number(json.last_health_change.at));
  });
});

describe('a backend that is deregistered', () => {
  test('finishes what it has, gets nothing new, and its id is not given out again', () => {
    const run = start();
    run.runUntil(5 * SECOND_US);
    const inFlight = run.backends()[1]!.inFlight;
    expect(inFlight).toBeGreaterThan(0);
    expect(ask(run, 'DELETE /backends/s2').status).toBe(200);
    const servedBefore = run.backends()[1]!.served;
    run.runUntil(10 * SECOND_US);
    expect(run.backends()[1]).toMatchObject({ inFlight: 0, served: servedBefore + inFlight, failed: 0 });
    expect(ask(run, 'GET /backends/s2').status).toBe(404);
    expect(ask(run, 'POST /backends', { ...S6, id: 's2' }).status).toBe(409);
  });

  test('with force loses what it has', () => {
    const run = start();
    run.runUntil(5 * SECOND_US);
    ask(run, 'DELETE /backends/s2?force=true');
    run.runUntil(10 * SECOND_US);
    expect(run.backends()[1]!.failed).toBeGreaterThan(0);
  });
});

describe('versions', () => {
  test('count changes of configuration, not faults, and stop a writer who has not seen the last one', () => {
    const run = start();
    const first = ask(run, 'GET /backends').etag!;
    run.apply({ do: 'crash', backend: 's2', atUs: 0 });
    expect(ask(run, 'POST /backends', S6, { 'if-match': first }).etag).toBe('"2"');
    expect(ask(run, 'DELETE /backends/s6', undefined, { 'if-match': first }).status).toBe(409);
    expect(ask(run, 'DELETE /backends/s6', undefined, { 'if-match': '"2"' }).status).toBe(200);
    expect(ask(run, 'GET /backends').etag).toBe('"3"');
  });

  test('go back with the clock', () => {
    const run = start();
    run.runUntil(2 * SECOND_US);
    ask(run, 'POST /backends', S6);
    const earlier = simulationAt(SCENARIO, () => policiesFor(SCENARIO), run.seed, run.timeline, SECOND_US);
    expect(ask(earlier, 'GET /backends').etag).toBe('"1"');
    expect(ask(earlier, 'POST /backends', S6).status).toBe(409);
  });
});

describe('a change of what there is', () => {
  test('PATCH moves the share of traffic, and takes a full backend out of the choice', () => {
    const run = start();
    ask(run, 'PATCH /backends/s1', { weight: 9 });
    expect(ask(run, 'GET /backends/s1').json).toMatchObject({ weight: 9, max_connections: null });
    ask(run, 'PATCH /backends/s2', { max_connections: 1 });
    let most = 0;
    for (let atUs = 0; atUs <= 5 * SECOND_US; atUs += 10_000) {
      run.runUntil(atUs);
      most = Math.max(most, run.backends()[1]!.inFlight);
    }
    expect(most).toBe(1);
    expect(ask(run, 'PATCH /backends/s2', { max_connections: null }).json.max_connections).toBe(null);
  });

  test('a drain with a timeout lets requests finish until then', () => {
    const run = start();
    run.runUntil(SECOND_US);
    expect(ask(run, 'POST /backends/s2/drain', { timeout_sec: 2 }).json.status).toBe('DRAINING');
    run.runUntil(4 * SECOND_US);
    expect(ask(run, 'GET /backends/s2').json).toMatchObject({ status: 'DRAINING', active_connections: 0 });
  });
});

describe('routing', () => {
  const RULE = { path_prefix: '/', algorithm: 'round_robin', backends: ['s1', 's2'] };

  /** Requests that each backend was sent from now on, for two seconds. */
  function sentFromNow(run: Simulation): Record<string, number> {
    const before = run.backends().map(({ served }) => served);
    run.runUntil(run.nowUs + 2 * SECOND_US);
    return Object.fromEntries(run.backends().map(({ id, served }, index) => [id, served - before[index]!]));
  }

  test('a rule sends what it matches to its own backends; deleting it gives them back', () => {
    const run = start();
    run.runUntil(SECOND_US);
    expect(ask(run, 'POST /routing-rules', RULE).json).toEqual({ rule_id: 'rule-1' });
    run.runUntil(2 * SECOND_US);
    const ruled = sentFromNow(run);
    expect(ruled['s1']).toBeGreaterThan(200);
    expect(ruled['s3']).toBe(0);
    expect(ask(run, 'DELETE /routing-rules/rule-1').status).toBe(200);
    run.runUntil(run.nowUs + SECOND_US);
    expect(sentFromNow(run)['s3']).toBeGreaterThan(50);
    expect(ask(run, 'POST /routing-rules', RULE).json).toEqual({ rule_id: 'rule-2' });
  });

  test('a rule does not send to a backend that its own pool holds for unhealthy', () => {
    const run = start();
    ask(run, 'POST /routing-rules', { ...RULE, backends: ['s1', 's2', 's3', 's4'] });
    run.apply({ do: 'crash', backend: 's2', atUs: 0 });
    run.runUntil(8 * SECOND_US);
    expect(ask(run, 'GET /backends/s2').json.status).toBe('UNHEALTHY');
    const sent = sentFromNow(run);
    expect([sent['s2'], sent['s5']]).toEqual([0, 0]);
    expect(Math.min(sent['s1']!, sent['s3']!, sent['s4']!)).toBeGreaterThan(100);
  });

  test.each(pickerNames)('%s chooses for a rule that is added in the middle of a busy run', (algorithm) => {
    const run = start();
    run.runUntil(SECOND_US);
    ask(run, 'POST /routing-rules', { ...RULE, algorithm });
    run.runUntil(1.2 * SECOND_US);
    ask(run, 'DELETE /backends/s2');
    run.runUntil(1.4 * SECOND_US);
    expect(run.backends()[2]).toMatchObject({ inFlight: 0 });
    expect(run.counts.arrived).toBeGreaterThan(350);
  });

  test('all of it is there again when the run is replayed', () => {
    const run = start();
    run.runUntil(SECOND_US);
    ask(run, 'POST /target-groups', { id: 'canary', algorithm: 'least_connections', backends: ['s3'] });
    ask(run, 'POST /listeners', { protocol: 'HTTP', port: 8080, default_target_group: 'canary' });
    ask(run, 'POST /backends', { ...S6, pool: 'canary' });
    ask(run, 'POST /routing-rules', { ...RULE, session_sticky: true });
    run.runUntil(3 * SECOND_US);
    const again = simulationAt(SCENARIO, () => policiesFor(SCENARIO), run.seed, run.timeline, run.nowUs);
    expect([again.digest(), ask(again, 'GET /config').json]).toEqual([run.digest(), ask(run, 'GET /config').json]);
  });

  test('health checks that change begin anew, faster', () => {
    const run = start();
    const check = { interval_sec: 0.1, timeout_sec: 0.05, healthy_threshold: 1, unhealthy_threshold: 1 };
    ask(run, 'PUT /target-groups/default/health-check', check);
    run.runUntil(SECOND_US);
    run.apply({ do: 'crash', backend: 's2', atUs: 0 });
    run.runUntil(1.25 * SECOND_US);
    expect(ask(run, 'GET /backends/s2').json.status).toBe('UNHEALTHY');
  });

  test('what is exported is restored in another run', () => {
    const run = start();
    ask(run, 'POST /backends', S6);
    ask(run, 'PATCH /backends/s1', { weight: 5 });
    ask(run, 'POST /routing-rules', { ...RULE, backends: ['s1', 's6'] });
    const { version: _, ...config } = ask(run, 'GET /config').json as Record<string, unknown>;
    const other = start();
    expect(ask(other, 'PUT /config', config).status).toBe(200);
    const { version: __, ...restored } = ask(other, 'GET /config').json as Record<string, unknown>;
    expect(restored).toEqual(config);
  });
});

test('metrics count what has ended, by backend and status', () => {
  const run = start();
  run.runUntil(5 * SECOND_US);
  const { text } = ask(run, 'GET /metrics');
  const counts = [...text.matchAll(/^ballast_requests_total\{backend="s\d",code="200"\} (\d+)$/gm)];
  expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(run.counts.served);
  expect(text).toContain('ballast_backend_up{backend="s1",pool="default"} 1');
  expect(text).toMatch(/^ballast_request_duration_seconds_bucket\{backend="s1",le="\+Inf"\} \d+$/m);
});

test('the rate is that of the last second', () => {
  const run = start();
  run.runUntil(10 * SECOND_US);
  const rate = ask(run, 'GET /health').json.requests_per_sec;
  // Poisson with a mean of 300 in a second: five standard deviations are 87.
  expect(Math.abs(rate - 300)).toBeLessThan(87);
});
