import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseBank } from '../../../src/components/lesson/bank.ts';
import { draw, missed } from '../../../src/components/lesson/draw.ts';

const question = (id: string) => ({
  id,
  question: `${id}?`,
  options: [
    { text: 'no', why: 'because' },
    { text: 'yes', why: 'because', correct: true as const },
  ],
});
const pool = ['a', 'b', 'c', 'd', 'e'].map(question);

test('a draw takes what was not answered before, first', () => {
  for (const random of [() => 0, () => 0.5, () => 0.999]) {
    const { questions } = draw(pool, 3, new Set(['a', 'c']), random);
    expect(questions.map(({ id }) => id).sort()).toEqual(['b', 'd', 'e']);
  }
  expect(draw(pool, 3, new Set(['a', 'b', 'c', 'd', 'e']), () => 0).questions).toHaveLength(3);
});

test('what was missed is what was answered wrongly, and nothing else', () => {
  const round = { questions: pool.slice(0, 3), answers: { a: 1, b: 0, c: 1 } };
  expect(missed(round).map(({ id }) => id)).toEqual(['b']);
});

test('a bank says file, field and what is wrong', () => {
  const broken = [question('a'), { ...question('b'), options: [{ text: 'x', why: 'y' }] }];
  expect(() => parseBank(broken, 'lessons/x.questions.json')).toThrow(/^lessons\/x\.questions\.json: 1\.options/);
  expect(() => parseBank([question('a'), question('a')], 'f')).toThrow('the id "a" is there twice');
  const twoRight = { ...question('c'), options: question('c').options.map((option) => ({ ...option, correct: true })) };
  expect(() => parseBank([question('a'), twoRight], 'f')).toThrow('exactly one option with "correct": true');
});

test('every bank of the course is sound', () => {
  const folder = new URL('../../../lessons/', import.meta.url);
  const banks = readdirSync(folder).filter((name) => name.endsWith('.questions.json'));
  expect(banks.length).toBeGreaterThan(0);
  for (const name of banks) parseBank(JSON.parse(readFileSync(new URL(name, folder), 'utf8')), `lessons/${name}`);
});
