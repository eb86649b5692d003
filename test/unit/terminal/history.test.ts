import { expect, test } from 'vitest';
import { History, type HistoryStore } from '../../../src/components/terminal/history.ts';

function memory(start: Readonly<Record<string, string>> = {}): HistoryStore {
  const items = new Map(Object.entries(start));
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

test('what was typed is there at the next visit, the newest two hundred lines', () => {
  const store = memory();
  const first = new History(store);
  for (let i = 1; i <= 205; i++) first.add(`step ${i}`);
  const second = new History(store);
  expect(second.entries).toHaveLength(200);
  expect(second.entries.at(-1)).toBe('step 205');
});

test.each(['{', '"top"', '{"a":1}', 'null'])('a store that holds %s is an empty history', (content) => {
  expect(new History(memory({ 'ballast-terminal-history': content })).entries).toEqual([]);
});

test('a store that refuses costs nothing but the next visit', () => {
  const refuse = (): never => {
    throw new DOMException('denied', 'SecurityError');
  };
  const history = new History({ getItem: refuse, setItem: refuse });
  history.add('top');
  expect(history.entries).toEqual(['top']);
});
