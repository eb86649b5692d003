import { expect, test } from 'vitest';
import { partTitles, plan } from '../../../src/course.ts';
import { glossary, termAnchor } from '../../../src/glossary.ts';
import { catalog } from '../../../katas/catalog.ts';

test('lessons are numbered in the order of their parts, and nobody is sent to a later lesson first', () => {
  expect(plan.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(plan.map(({ part }) => part)).toEqual(plan.map(({ part }) => part).toSorted());
  expect(new Set(plan.map(({ part }) => part)).size).toBe(partTitles.length);
  for (const { number, after } of plan) for (const earlier of after) expect(earlier).toBeLessThan(number);
});

test('every kata follows from a lesson of the course', () => {
  const lessons = new Set(plan.map(({ number }) => number));
  expect(catalog.filter(({ after }) => !lessons.has(after))).toEqual([]);
});

test('the glossary is in alphabetical order and every term has an anchor of its own', () => {
  const terms = glossary.map(({ term }) => term.toLowerCase());
  expect(terms).toEqual(terms.toSorted());
  expect(new Set(terms.map(termAnchor)).size).toBe(terms.length);
});
