import { expect, test } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { haproxyAgent } from '../../../engine/health/haproxy-agent.ts';

const orders = (reply: string | undefined) =>
  haproxyAgent().observe(new BackendView(0, 's1', 'a', 1), reply, { nowUs: 0, rng: new Prng(1) });

test.each([
  ['75%', { weightPercent: 75 }],
  ['up 50%\n', { health: 'healthy', weightPercent: 50 }],
  ['ready,up,maxconn:30', { state: 'ready', health: 'healthy', maxConnections: 30 }],
  ['75%,maxconn:30,maint,down', { weightPercent: 75, maxConnections: 30, state: 'maint', health: 'unhealthy' }],
  ['stopped #for the night', { health: 'unhealthy' }],
  ['weight:10% drain', { weightPercent: 10, state: 'drain' }],
  ['maxconn:0', { maxConnections: Infinity }],
  ['no idea', undefined],
  [undefined, undefined],
])('%j orders %j', (reply, expected) => {
  expect(orders(reply)).toEqual(expected);
});
