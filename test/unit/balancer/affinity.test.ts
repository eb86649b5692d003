import { expect, test } from 'vitest';
import { Balancer } from '../../../engine/balancer/balancer.ts';
import { Clock } from '../../../engine/balancer/context.ts';
import { BackendView } from '../../../engine/core/backend.ts';
import type { AffinityPolicy } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import type { RequestView } from '../../../engine/core/request.ts';
import { roundRobin } from '../../../engine/pickers/round-robin.ts';
import { insertedCookie } from '../../../engine/traffic/inserted-cookie.ts';
import { preferLast } from '../../../engine/traffic/prefer-last.ts';
import { sessionTable } from '../../../engine/traffic/session-table.ts';
import { signedCookie } from '../../../engine/traffic/signed-cookie.ts';
import { request } from '../traffic/asked.ts';

const SECOND = 1_000_000;

/** Three backends, s0 to s2, that take turns unless the affinity says otherwise. */
function balancer(affinity: AffinityPolicy) {
  const clock = new Clock();
  const pools = new Map([['web', { picker: roundRobin(), affinity }]]);
  const settings = { layer: 7, poolIds: ['web'] } as const;
  const balancer = new Balancer(settings, { pools }, clock, new Prng(1), () => undefined);
  for (let slot = 0; slot < 3; slot++) balancer.join(0, new BackendView(slot, `s${slot}`, 'a', 1));
  return {
    balancer,
    clock,
    /** Where a request goes, and the cookie it gets. */
    send: (one: RequestView): { backend: number; cookie: string | undefined } => {
      const backend = balancer.choose(one, false);
      return { backend, cookie: balancer.cookieFor(backend, one) };
    },
  };
}

const bearing = (cookie: string | undefined) => request({ headers: { cookie: cookie!.split(';')[0]! } });

test.each([
  ['plain', insertedCookie({})],
  ['as nginx', insertedCookie({ form: 'nginx' })],
  ['as Caddy', insertedCookie({ form: 'caddy', secret: 'x' })],
  ['as Traefik', insertedCookie({ form: 'traefik' })],
  ['signed', signedCookie()],
])(
  'an inserted cookie (%s) keeps its client through a drain, re-homes it when its backend dies, and does not call it back',
  (_, affinity) => {
    const { balancer: it, send } = balancer(affinity);
    const first = send(request());
    send(request());
    const again = send(bearing(first.cookie));
    expect(again).toEqual({ backend: first.backend, cookie: undefined });

    it.setDraining(first.backend, true);
    expect(send(bearing(first.cookie)).backend).toBe(first.backend);
    expect([send(request()), send(request()), send(request())].map(({ backend }) => backend)).not.toContain(
      first.backend,
    );

    it.setDisabled(first.backend, true);
    const moved = send(bearing(first.cookie));
    expect(moved.backend).not.toBe(first.backend);
    expect(moved.cookie).toBeDefined();

    it.setDraining(first.backend, false);
    it.setDisabled(first.backend, false);
    expect(send(bearing(moved.cookie))).toEqual({ backend: moved.backend, cookie: undefined });
  },
);

test('a signed cookie that was tampered with, or has run out, binds nobody', () => {
  const { clock, send } = balancer(signedCookie({ maxAgeUs: 10 * SECOND }));
  const { backend, cookie } = send(request());
  const other = cookie!.replace(`s${backend}`, `s${(backend + 1) % 3}`);
  // In turn the next would be another one; the forged cookie asks for that, so let a turn pass.
  send(request());
  expect(send(bearing(other)).cookie).toBeDefined();
  expect(send(bearing(cookie)).cookie).toBeUndefined();
  clock.nowUs = 11 * SECOND;
  expect(send(bearing(cookie)).cookie).toBeDefined();
});

test('a table binds addresses until they have been away too long', () => {
  const { clock, send } = balancer(sessionTable({ expireUs: 10 * SECOND }));
  const from = (user: number) => send(request({}, user)).backend;
  expect([from(0), from(1), from(2)]).toEqual([0, 1, 2]);
  expect([from(2), from(0), from(1)]).toEqual([2, 0, 1]);
  clock.nowUs = 9 * SECOND;
  expect(from(1)).toBe(1);
  clock.nowUs = 18 * SECOND;
  expect(from(1)).toBe(1);
  expect(from(2)).toBe(0);
});

test('a full table forgets who was longest away', () => {
  const table = sessionTable({ size: 2 });
  const { send } = balancer(table);
  for (const user of [0, 1, 0, 2]) send(request({}, user));
  expect(table.snapshot().map(({ key, backend }) => [key, backend])).toEqual([
    ['198.51.100.1', 's0'],
    ['198.51.100.3', 's2'],
  ]);
});

test('a learned cookie binds from the response that set it on, and moves with its session', () => {
  const { balancer: it, send } = balancer(sessionTable({ learn: true, name: 'JSESSIONID' }));
  const opening = request();
  const { backend } = send(opening);
  const session = () => bearing('JSESSIONID=a3f');
  expect(send(session()).backend).not.toBe(backend);
  it.heardCookie(backend, opening, 'JSESSIONID=a3f; Path=/');
  expect([send(session()).backend, send(session()).backend]).toEqual([backend, backend]);
  it.setDisabled(backend, true);
  const next = send(session()).backend;
  it.setDisabled(backend, false);
  expect(send(session()).backend).toBe(next);
});

test('a standby that got the snapshot and the changes binds as its master did', () => {
  const master = sessionTable();
  const standby = sessionTable();
  const before = balancer(master);
  for (const user of [0, 1, 2]) before.send(request({}, user));
  standby.apply(master.snapshot());
  master.changes();
  before.clock.nowUs = SECOND;
  before.balancer.setDisabled(0, true);
  before.send(request({}, 0));
  expect(master.changes()).toEqual([{ key: '198.51.100.1', backend: 's1', usedUs: SECOND }]);
  standby.apply(master.snapshot());
  // What is older than what is there changes nothing.
  standby.apply([{ key: '198.51.100.1', backend: 's2', usedUs: 0 }]);
  const after = balancer(standby);
  expect([0, 1, 2].map((user) => after.send(request({}, user)).backend)).toEqual([1, 1, 2]);
});

test('the last server is preferred on a connection, and left when it drains', () => {
  const { balancer: it, send } = balancer(preferLast());
  const one = request();
  expect([send(one).backend, send(one).backend, send(one).backend]).toEqual([0, 0, 0]);
  it.setDraining(0, true);
  expect([send(one).backend, send(one).backend]).toEqual([1, 1]);
});
