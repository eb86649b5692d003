import { expect, test } from 'vitest';
import { isRequestKey, keyReader, requestKey } from '../../../engine/core/request-key.ts';
import { RequestView } from '../../../engine/core/request.ts';

const request = new RequestView(1, 2, {
  client: 'c1',
  class: 'video',
  method: 'GET',
  host: 'example.test',
  path: '/a/b?user=7&x=&userid=9',
  headers: { 'x-key': 'k', cookie: 'a=1; sid=q=7; b=2' },
});

test.each([
  ['source', '198.51.100.1'],
  ['uri', '/a/b?user=7&x=&userid=9'],
  ['path', '/a/b'],
  ['host', 'example.test'],
  ['header:X-Key', 'k'],
  ['header:Host', 'example.test'],
  ['cookie:sid', 'q=7'],
  ['query:userid', '9'],
  ['query:x', ''],
  ['query:id', undefined],
  ['cookie:none', undefined],
])('%s is %j', (name, value) => {
  expect(keyReader(name)(request)).toBe(value);
});

test('a request without the key is hashed by its source where a key is needed', () => {
  expect(requestKey('header:x-none')(request)).toBe('198.51.100.1');
});

test.each(['', 'sourc', 'header', 'header:', 'query:a b', 'constructor'])('%j is no key', (name) => {
  expect(isRequestKey(name)).toBe(false);
});
