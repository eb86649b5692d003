/** The control plane on a real run: what it says follows what happens, and what it changes happens. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENT, handle, policiesFor, Simulation, simulationAt, type Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { controlState, deedOf } from '../../../src/components/lab/control-state.ts';

const FILE = new URL('../../../engine/scenarios/nothing-goes-wrong.json', import.meta.url);
const SCENARIO = parseScenario(JSON.parse(readFileSync(FILE, 'utf8')), 'nothing-goes-wrong.json');
const SECOND_US = 1_000_000;

function start(scenario: Scenario = SCENARIO): Simulation {
  return new Simulation(scenario, policiesFor(scenario));
}

function eventsOf({ trace }: Simulation): Float64Array {
  const columns = new Float64Array(trace.length * EVENT.stride);
  for (let row = 0; row < trace.length; row++) {
    const event = [trace.atUs[row]!, trace.kind[row]!, trace.request[row]!, trace.backend[row]!, trace.value[row]!];
    columns.set(event, row * EVENT.stride);
  }
  return columns;
}

/** Asks the control plane of a run, and does to the run what it answers. */
function ask(run: Simulation, call: string, body?: object, headers: Record<string, string> = {}) {
  const [method = '', path = ''] = call.split(' ');
  const { scenario, nowUs, timeline } = run;
  const state = controlState({ scenario, nowUs, timeline, backends: run.backends(), events: eventsOf(run) });
  const request = { method, path, headers: { 'content-type': 'application/json', ...headers } };
  const { response, changes } = handle(
    body === undefined ? request : { ...request, body: JSON.stringify(body) },
    state,
  );
  for (const change of changes) run.apply({ ...deedOf(change, scenario), atUs: nowUs });
  return { status: response.status, etag: response.headers['etag'], json: JSON.parse(response.body) };
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

test('the rate is that of the last second', () => {
  const run = start();
  run.runUntil(10 * SECOND_US);
  const rate = ask(run, 'GET /health').json.requests_per_sec;
  // Poisson with a mean of 300 in a second: five standard deviations are 87.
  expect(Math.abs(rate - 300)).toBeLessThan(87);
});
