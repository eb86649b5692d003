import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestTemplate } from '../../../engine/core/request.ts';
import { pathPattern } from '../../../engine/traffic/path-pattern.ts';
import { ruleRouter } from '../../../engine/traffic/rule-router.ts';
import type { Rule } from '../../../engine/traffic/rule-router.ts';
import { contextAt, request } from './asked.ts';

const { ctx } = contextAt();
const route = (rules: readonly Rule[], about: Partial<RequestTemplate> = {}, user = 0) =>
  ruleRouter(rules).route(request(about, user), ctx);

test.each<[string, Omit<Rule, 'pool'>, Partial<RequestTemplate>, Partial<RequestTemplate>]>([
  ['host', { host: 'a.test' }, { host: 'A.test:8443' }, { host: 'b.a.test' }],
  ['wildcard host', { host: '*.a.test' }, { host: 'x.y.a.test' }, { host: 'a.test' }],
  ['exact path', { path: '/a' }, { path: '/a?x=1' }, { path: '/a/b' }],
  ['prefix', { pathPrefix: '/a' }, { path: '/a/b' }, { path: '/ab' }],
  ['pattern', { pathPattern: '/v[0-9]+/.*' }, { path: '/v12/x?y' }, { path: '/v/x' }],
  ['method', { methods: ['PUT', 'POST'] }, { method: 'POST' }, { method: 'GET' }],
  ['header', { headers: { 'X-Beta': '1' } }, { headers: { 'x-beta': '1' } }, { headers: { 'x-beta': '2' } }],
  ['header that is there', { headers: { 'x-beta': '*' } }, { headers: { 'x-beta': '' } }, {}],
  ['query', { query: { q: 'x' } }, { path: '/?p=1&q=x' }, { path: '/?qq=x' }],
  ['cookie', { cookies: { side: 'b' } }, { headers: { cookie: 'a=1; side=b' } }, { headers: { cookie: 'inside=b' } }],
  ['source', { source: '198.51.100.0/24' }, {}, { firstAddress: 0xc6336501 }],
  ['port', { port: 8080 }, { port: 8080 }, {}],
])('a route by %s takes what fits and nothing else', (_, conditions, fits, other) => {
  const rules = [{ ...conditions, pool: 'yes' }];
  expect(route(rules, fits)).toBe('yes');
  expect(route(rules, other)).toBeUndefined();
});

test('the more exact comes first, and a priority before all', () => {
  const rules: Rule[] = [
    { pool: 'all' },
    { pathPattern: '/a/.*', pool: 'pattern' },
    { pathPrefix: '/a', pool: 'prefix' },
    { pathPrefix: '/a/b', pool: 'longer' },
    { path: '/a/b/c', pool: 'exact' },
    { path: '/a/b/c', headers: { x: '1' }, pool: 'with header' },
  ];
  const poolOf = (path: string, more: readonly Rule[] = [], headers = {}) =>
    route([...more, ...rules], { path, headers });
  expect(['/a/b/c', '/a/b/d', '/a/x', '/z'].map((path) => poolOf(path))).toEqual(['exact', 'longer', 'prefix', 'all']);
  expect(poolOf('/a/b/c', [], { x: '1' })).toBe('with header');
  expect(poolOf('/a/b/c', [{ priority: 1, pool: 'first' }])).toBe('first');
});

describe('a split', () => {
  const split = [
    { pool: 'old', weight: 9 },
    { pool: 'new', weight: 1 },
  ];
  const shareOfNew = (splitBy?: Rule['splitBy']) => {
    const router = ruleRouter([{ split, splitBy }]);
    const context = contextAt(3).ctx;
    const count = 20_000;
    const taken = Array.from({ length: count }, (_, user) => router.route(request({}, user), context));
    return taken.filter((pool) => pool === 'new').length / count;
  };

  // The standard deviation of a share of 1/10 in 20,000 is 0.0021; six of them are missed once in 10^9.
  test('shares by weight, drawn or by key', () => {
    expect(Math.abs(shareOfNew() - 0.1)).toBeLessThan(0.0128);
    expect(Math.abs(shareOfNew({ by: 'address' }) - 0.1)).toBeLessThan(0.0128);
  });

  test('by key keeps everybody on one side', () => {
    const router = ruleRouter([{ split, splitBy: { by: 'address' } }]);
    for (let user = 0; user < 100; user++) {
      expect(router.route(request({}, user), ctx)).toBe(router.route(request({ path: '/other' }, user), ctx));
    }
  });
});

test('a redirect keeps what it is told to, and a reply is given as it is', () => {
  const redirect = { status: 308, location: 'https://{host}{path}{query}' };
  expect(route([{ redirect }], { host: 'a.test', path: '/x?y=1' })).toEqual({
    status: 308,
    headers: { location: 'https://a.test/x?y=1' },
  });
  expect(route([{ reply: { status: 503, body: 'later' } }])).toEqual({ status: 503, headers: {}, body: 'later' });
});

test.each([
  ['/api', '/', '/api/users?x=1', '/users?x=1'],
  ['/api', '/v2', '/api/users', '/v2/users'],
  ['/api/', '/v2', '/api/users', '/v2/users'],
  ['/api', '/v2/', '/api', '/v2/'],
  ['/api', '/', '/api?x', '/?x'],
])('the prefix %s rewritten to %s makes %s into %s', (pathPrefix, path, from, to) => {
  expect(route([{ pathPrefix, pool: 'p', rewrite: { path } }], { path: from })).toEqual({ pool: 'p', path: to });
});

test('headers are set and removed whatever their case', () => {
  const rewrite = { setHeaders: { 'X-Real': '1' }, removeHeaders: ['Cookie'] };
  expect(route([{ id: 'r', pool: 'p', rewrite }], { headers: { cookie: 'a', accept: '*' } })).toEqual({
    pool: 'p',
    route: 'r',
    headers: { accept: '*', 'x-real': '1' },
  });
});

describe('patterns', () => {
  test('mean what they mean elsewhere', () => {
    const part = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '(a|b)', '(ab)', '(?:a|)', 'a|b');
    const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,}', '{0,2}');
    const pattern = fc.array(fc.tuple(part, times), { maxLength: 6 }).map((parts) => parts.flat().join(''));
    const path = fc.string({ unit: fc.constantFrom('a', 'b', '1'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, path, (source, text) => {
        expect(pathPattern(source)(text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('cannot run away', () => {
    const matches = pathPattern('(a+)+b');
    expect(matches('a'.repeat(4_000))).toBe(false);
    expect(matches(`${'a'.repeat(4_000)}b`)).toBe(true);
  });

  test.each(['(', ')', '[a', 'a{2', '*', 'a{3,1}', 'a\\', '\\q', '(a{100}){100}', '((){500}){500}', '[b-a]'])(
    '%s is refused',
    (source) => {
      expect(() => pathPattern(source)).toThrow();
    },
  );
});
