import { expect, test } from 'vitest';
import { RequestView } from '../../../engine/core/request.ts';
import { pathRouter } from '../../../engine/traffic/path-router.ts';

const routes = [
  { pathPrefix: '/api', pool: 'api' },
  { pathPrefix: '/api/video', pool: 'video' },
  { pathPrefix: '/static/', pool: 'files' },
];
function poolOf(path: string, list = routes): string | undefined {
  const facts = { client: 'c1', class: 'default', method: 'GET', host: 'example.test', path, headers: {} };
  return pathRouter(list).route(new RequestView(1, 1, facts));
}

test.each([
  ['/api', 'api'],
  ['/api/', 'api'],
  ['/api/users', 'api'],
  ['/api?page=2', 'api'],
  ['/api/video', 'video'],
  ['/api/video/7', 'video'],
  ['/api/videos', 'api'],
  ['/static/logo.svg', 'files'],
  ['/apix', undefined],
  ['/static', undefined],
  ['/', undefined],
])('%s goes to %s', (path, pool) => {
  expect(poolOf(path)).toBe(pool);
});

test('the order of the routes is of no account', () => {
  expect(poolOf('/api/video/7', routes.toReversed())).toBe('video');
});

test('the prefix / takes what no other does', () => {
  expect(poolOf('/anything', [{ pathPrefix: '/', pool: 'web' }, ...routes])).toBe('web');
  expect(poolOf('/api/x', [{ pathPrefix: '/', pool: 'web' }, ...routes])).toBe('api');
});
