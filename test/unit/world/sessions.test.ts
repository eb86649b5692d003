import { describe, expect, it } from 'vitest';
import { Prng } from '../../../engine/core/prng.ts';
import { LOOKUP, Sessions } from '../../../engine/world/sessions.ts';
import type { SessionSettings } from '../../../engine/world/scenario-servers.ts';
import { s } from './build.ts';

function sessionsOf(settings: SessionSettings, servers = 3): Sessions {
  const sessions = new Sessions(settings, new Prng(1));
  for (let server = 0; server < servers; server++) sessions.join(server);
  return sessions;
}

/** What each of three servers finds, session 7 having begun at server 0. */
const seenBy = (sessions: Sessions, nowUs = 0) => [0, 1, 2].map((server) => sessions.lookUp(7, server, nowUs));

const { found, unknown, unreachable } = LOOKUP;

describe('sessions in the memory of backends', () => {
  const memory = { kept: 'memory' } as const;

  it('are known where the login was served, and nowhere else', () => {
    const sessions = sessionsOf(memory);
    sessions.begin(7, 0, 0);
    expect(seenBy(sessions)).toEqual([found, unknown, unknown]);
  });

  it('are lost with the memory', () => {
    const sessions = sessionsOf(memory);
    for (let session = 1; session <= 9; session++) sessions.begin(session, session % 3, 0);
    expect(sessions.lose(0)).toBe(3);
    expect([0, 1, 2].map((server) => sessions.countAt(server))).toEqual([0, 3, 3]);
  });

  it('end when they have not been used for the idle timeout; each use begins it anew', () => {
    const sessions = sessionsOf({ ...memory, idleTimeoutUs: s(10) });
    sessions.begin(7, 0, 0);
    expect(sessions.lookUp(7, 0, s(10))).toBe(found);
    expect(sessions.lookUp(7, 0, s(20))).toBe(found);
    expect(sessions.lookUp(7, 0, s(30) + 1)).toBe(unknown);
  });

  it('push out the one that was used longest ago when they fill the memory', () => {
    const sessions = sessionsOf({ ...memory, capacity: 2 });
    sessions.begin(1, 0, 0);
    sessions.begin(2, 0, 1);
    sessions.lookUp(1, 0, 2);
    sessions.begin(3, 0, 3);
    expect([1, 2, 3].map((session) => sessions.lookUp(session, 0, 4))).toEqual([found, unknown, found]);
  });
});

describe('replicated sessions', () => {
  it('are known everywhere once the copy has come', () => {
    const sessions = sessionsOf({ kept: 'replicated', lagUs: 100 });
    sessions.begin(7, 0, 0);
    expect(seenBy(sessions, 99)).toEqual([found, unknown, unknown]);
    expect(seenBy(sessions, 100)).toEqual([found, found, found]);
  });

  it('are at as many others as there are copies', () => {
    const sessions = sessionsOf({ kept: 'replicated', lagUs: 0, copies: 1 });
    sessions.begin(7, 2, 0);
    expect(seenBy(sessions)).toEqual([found, unknown, found]);
  });

  it('come back to a server that was down from one that is up', () => {
    const sessions = sessionsOf({ kept: 'replicated', lagUs: 0 });
    sessions.begin(7, 0, 0);
    sessions.lose(1);
    sessions.lose(0);
    expect(seenBy(sessions)).toEqual([unknown, unknown, found]);
    sessions.comeBack(1, (server) => server === 0);
    expect(seenBy(sessions)[1]).toBe(unknown);
    sessions.comeBack(1, (server) => server === 2);
    expect(seenBy(sessions)[1]).toBe(found);
  });
});

describe('an external store', () => {
  const external = {
    kept: 'external',
    store: 'redis',
    latency: { kind: 'uniform', minUs: 500, maxUs: 1_000 },
    timeoutUs: s(1),
    persistent: true,
  } as const;

  it('makes every request wait, and outlives the backends', () => {
    const sessions = sessionsOf(external);
    sessions.begin(7, 0, 0);
    sessions.lose(0);
    expect(seenBy(sessions)).toEqual([found, found, found]);
    const waits = Array.from({ length: 1_000 }, () => sessions.waitUs());
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  });

  it.each([
    [true, found],
    [false, unknown],
  ])('cannot be reached while it is broken; what persists (%s) is there afterwards', (persistent, afterwards) => {
    const sessions = sessionsOf({ ...external, persistent });
    sessions.begin(7, 0, 0);
    sessions.setStore(false);
    expect(seenBy(sessions)).toEqual([unreachable, unreachable, unreachable]);
    expect(sessions.waitUs()).toBe(s(1));
    sessions.setStore(true);
    expect(seenBy(sessions)).toEqual([afterwards, afterwards, afterwards]);
  });
});

it('a token needs nobody to hold anything', () => {
  const sessions = sessionsOf({ kept: 'token' });
  sessions.begin(7, 0, 0);
  sessions.lose(0);
  expect(seenBy(sessions)).toEqual([found, found, found]);
  expect(sessions.countAt(0)).toBe(0);
});
