import { describe, expect, it } from 'vitest';
import { policiesFor, Simulation } from '../../../engine/index.ts';
import type { Picker, Request, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, s, world } from './build.ts';

/** Ten users who log in and then ask, over three backends; what each request was like, and where it went. */
function run(affinity?: { name: string; options: object }, more: Partial<ScenarioInput> = {}) {
  const seen: { readonly class: string; readonly cookie: string | undefined; readonly user: string; at: string }[] = [];
  const scenario = world({
    durationUs: s(20),
    clients: [
      {
        id: 'c1',
        users: 10,
        arrivals: { kind: 'closed', think: constant(ms(100)) },
        requests: [{ name: 'login', method: 'POST', path: '/login' }, { name: 'page' }],
        session: { login: 'login' },
      },
    ],
    pools: [
      {
        picker: { name: 'round-robin' },
        ...(affinity && { affinity: { name: affinity.name, options: { ...affinity.options } } }),
        backends: alike(3, { workers: 10, service: { default: constant(ms(1)) } }),
      },
    ],
    ...more,
  });
  const policies = policiesFor(scenario);
  const { picker, makePicker: _, ...others } = policies.pools.get('default')!;
  const note = (request: Request, at: string) => {
    seen.push({ class: request.class, cookie: request.headers['cookie'], user: request.sourceAddress, at });
  };
  const watched: Picker = {
    ...picker,
    onRequestStart(backend, request, ctx) {
      note(request, backend.id);
      picker.onRequestStart?.(backend, request, ctx);
    },
  };
  const simulation = new Simulation(scenario, {
    ...policies,
    pools: new Map([['default', { ...others, picker: watched }]]),
  });
  simulation.runToEnd();
  return { simulation, seen };
}

describe('users with sessions', () => {
  it('log in first and once, and bring the cookie of the application from then on', () => {
    const { seen, simulation } = run();
    expect(simulation.counts.failed).toBe(0);
    for (const user of new Set(seen.map((request) => request.user))) {
      const [first, ...later] = seen.filter((request) => request.user === user);
      expect([first!.class, first!.cookie]).toEqual(['login', undefined]);
      expect(new Set(later.map((request) => request.class))).toEqual(new Set(['page']));
      expect(new Set(later.map(({ cookie }) => cookie)).size).toBe(1);
      expect(later[0]!.cookie).toMatch(/^JSESSIONID=s\d+$/);
    }
  });

  it('log in again while logging in fails', () => {
    const { seen } = run(undefined, {
      timeline: ['s1', 's2', 's3'].map((backend) => ({ do: 'fail', atUs: 0, backend }) as const),
    });
    expect(new Set(seen.map((request) => request.class))).toEqual(new Set(['login']));
  });

  it('are scattered without affinity, and stay where they logged in when the balancer learns their cookie', () => {
    const places = (of: ReturnType<typeof run>) =>
      [...new Set(of.seen.map(({ user }) => user))].map(
        (user) => new Set(of.seen.filter((request) => request.user === user).map(({ at }) => at)).size,
      );
    expect(Math.max(...places(run()))).toBe(3);
    const learnt = run({ name: 'learned-cookie', options: {} });
    expect(places(learnt)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it('need a class to log in with, and another one', () => {
    const client = { id: 'c1', arrivals: { kind: 'constant', rateRps: 1 } } as const;
    expect(() => world({ clients: [{ ...client, session: { login: 'default' } }] })).toThrow(/another one beside/);
    expect(() =>
      world({
        clients: [{ ...client, requests: [{ name: 'login' }, { name: 'page' }], session: { login: 'logn' } }],
      }),
    ).toThrow(/session\.login.*Did you mean "login"/);
  });
});
