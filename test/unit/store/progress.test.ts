import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Store from '../../../src/store/progress.ts';

type Progress = typeof Store;
let progress: Progress;

/** The module as a freshly opened page has it: nothing open, nothing in memory. */
async function openPage(): Promise<Progress> {
  vi.resetModules();
  return import('../../../src/store/progress.ts');
}

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('BroadcastChannel', undefined);
  progress = await openPage();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const lesson = '04-round-robin-and-weights';
const card = { id: `${lesson}/turns`, kind: 'lesson', slug: lesson, question: 'What does a turn ignore?' } as const;
const attempt = { source: 'x', passed: false, visible: { passed: 1, total: 3 } };

/** A store with one record of every kind. */
async function fill(into: Progress): Promise<void> {
  await into.beatDone(lesson, 'hook');
  await into.savePrediction(lesson, 'p99', {
    value: 350,
    why: 'twice',
    declined: false,
    atIso: '2025-03-01T09:30:00.000Z',
  });
  await into.saveAnswer(lesson, 'equal-counts', 2);
  await into.saveSource('random', 'export default …', true);
  await into.saveAttempt('random', attempt);
  await into.setKataState('random', 'tried');
  await into.addReview(card);
  await into.setLastPlace({ lesson, beat: 'predict' });
}

test('what was done is still there after the page is opened again', async () => {
  await fill(progress);
  const again = await openPage();
  expect((await again.allLessons()).get(lesson)).toEqual(new Set(['hook']));
  expect(await again.prediction(lesson, 'p99')).toMatchObject({ value: 350, why: 'twice', declined: false });
  expect(await again.answers(lesson)).toEqual(new Map([['equal-counts', 2]]));
  expect(await again.source('random')).toMatchObject({ source: 'export default …', helped: true });
  expect(await again.attempts('random')).toMatchObject([attempt]);
  expect(await again.kataState('random')).toBe('tried');
  expect(await again.lastPlace()).toMatchObject({ lesson, beat: 'predict' });
  expect(await again.storeStatus()).toEqual({ kind: 'kept' });
});

test('the progress of one lesson does not show in another whose name begins the same', async () => {
  await progress.beatDone('04-round', 'hook');
  await progress.beatDone('04-round-robin', 'check');
  expect((await progress.allLessons()).get('04-round')).toEqual(new Set(['hook']));
  expect([...(await progress.allLessons()).keys()]).toEqual(['04-round', '04-round-robin']);
});

test('the last place is the newest one, of a lesson or of all', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2025-03-01T10:00:00Z');
  await progress.setLastPlace({ lesson: '09-health-checks', beat: 'reflect' });
  vi.setSystemTime('2025-03-01T11:00:00Z');
  await progress.setLastPlace({ lesson, beat: 'hook' });
  expect(await progress.lastPlace()).toMatchObject({ lesson, beat: 'hook' });
  expect(await progress.lastPlace('09-health-checks')).toMatchObject({ beat: 'reflect' });
  expect(await progress.lastPlace('03-l4-and-l7')).toBeUndefined();
});

test('a kata never falls back from solved to tried, and solving it alone outranks solving it with help', async () => {
  await progress.setKataState('random', 'solved-with-help');
  await progress.setKataState('random', 'tried');
  expect(await progress.kataState('random')).toBe('solved-with-help');
  await progress.setKataState('random', 'solved');
  expect(await progress.allKatas()).toEqual(new Map([['random', 'solved']]));
});

test('a review card is due after three days, and each time it is remembered it stays away longer', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2025-03-01T12:00:00Z');
  expect((await progress.addReview(card)).dueIso).toBe('2025-03-04T12:00:00.000Z');
  expect(await progress.dueReviews()).toEqual([]);

  vi.setSystemTime('2025-03-04T12:00:00Z');
  expect(await progress.dueReviews()).toMatchObject([{ id: card.id }]);
  expect((await progress.addReview(card)).dueIso).toBe('2025-03-04T12:00:00.000Z');
  expect((await progress.answerReview(card.id, true))?.dueIso).toBe('2025-03-11T12:00:00.000Z');
  expect((await progress.answerReview(card.id, true))?.dueIso).toBe('2025-03-25T12:00:00.000Z');
  expect((await progress.answerReview(card.id, false))?.dueIso).toBe('2025-03-05T12:00:00.000Z');
  expect(await progress.answerReview('nothing-like-it', true)).toBeUndefined();
});

test('a listener hears of every change until it stops listening', async () => {
  const heard: string[] = [];
  const stop = progress.subscribe((change) => heard.push(change));
  await progress.beatDone(lesson, 'hook');
  await progress.beatDone(lesson, 'hook');
  await progress.eraseAll();
  stop();
  await progress.saveAnswer(lesson, 'q', 0);
  expect(heard).toEqual(['beats', 'all']);
});

test('an export holds everything, and importing it elsewhere restores everything', async () => {
  await fill(progress);
  const file = await progress.exportAll();
  await progress.eraseAll();
  expect((await progress.allLessons()).size).toBe(0);

  expect(await progress.importAll(file)).toEqual({ kept: 8, alreadyHere: 0, refused: [] });
  expect(await progress.importAll(file)).toEqual({ kept: 0, alreadyHere: 8, refused: [] });
  const { exportedIso: _first, ...before } = JSON.parse(file) as Record<string, unknown>;
  const { exportedIso: _second, ...after } = JSON.parse(await progress.exportAll()) as Record<string, unknown>;
  expect(after).toEqual(before);
});

test('importing an older file leaves newer work alone', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2025-03-01T10:00:00Z');
  await progress.saveSource('random', 'old', false);
  const file = await progress.exportAll();
  vi.setSystemTime('2025-03-02T10:00:00Z');
  await progress.saveSource('random', 'new', false);
  expect(await progress.importAll(file)).toEqual({ kept: 0, alreadyHere: 1, refused: [] });
  expect((await progress.source('random'))?.source).toBe('new');
});

test('of a damaged file the sound entries are kept and each other one is named with its reason', async () => {
  const atIso = '2025-03-01T09:30:00.000Z';
  const report = await progress.importAll(
    JSON.stringify({
      format: 'ballast-progress',
      version: 1,
      beats: [
        { lesson, beat: 'hook', atIso },
        { lesson, beat: 'intro', atIso },
      ],
      sources: 'gone',
      badges: [],
    }),
  );
  expect(report.kept).toBe(1);
  expect(report.refused).toHaveLength(3);
  expect(report.refused[0]).toMatch(/^beats, entry 2: field "beat", found "intro"/);
  expect(report.refused[1]).toMatch(/^"sources": expected a list, found "gone"/);
  expect(report.refused[2]).toMatch(/^"badges"/);
  expect((await progress.allLessons()).get(lesson)).toEqual(new Set(['hook']));
});

test.each([
  ['not JSON at all', 'hello', /not JSON/],
  ['JSON that is not ours', '{"name":"ballast"}', /not an export of Ballast/],
  ['a newer format', '{"format":"ballast-progress","version":99}', /newer version.*format 99/],
])('%s is refused as a whole', async (_name, text, message) => {
  const report = await progress.importAll(text);
  expect(report).toMatchObject({ kept: 0, alreadyHere: 0 });
  expect(report.refused).toEqual([expect.stringMatching(message)]);
});

test('without IndexedDB everything works for this tab, and the status says that it is only for this tab', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const heard: string[] = [];
  progress.subscribe((change) => heard.push(change));
  await fill(progress);
  expect((await progress.allLessons()).get(lesson)).toEqual(new Set(['hook']));
  expect((await progress.allLessons()).get('04-round')).toBeUndefined();
  expect(await progress.dueReviews()).toEqual([]);
  expect((await progress.reviews()).map(({ id }) => id)).toEqual([card.id]);
  expect(await progress.storeStatus()).toMatchObject({
    kind: 'tab-only',
    reason: expect.stringMatching(/store nothing/),
  });
  expect(heard[0]).toBe('status');
});

test('when the disk is full nothing is lost: what was stored and what is new are both there', async () => {
  await progress.beatDone(lesson, 'hook');
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no space', 'QuotaExceededError');
  });
  await progress.saveSource('random', 'written when full', false);
  put.mockRestore();
  expect(await progress.storeStatus()).toMatchObject({ kind: 'tab-only', reason: expect.stringMatching(/used up/) });
  expect((await progress.source('random'))?.source).toBe('written when full');
  expect((await progress.allLessons()).get(lesson)).toEqual(new Set(['hook']));
});

test('a store written by a newer version of the site is left alone', async () => {
  await new Promise((resolve) => {
    indexedDB.open('ballast', 99).onsuccess = (event) => {
      (event.target as IDBOpenDBRequest).result.close();
      resolve(undefined);
    };
  });
  await progress.beatDone(lesson, 'hook');
  expect(await progress.storeStatus()).toMatchObject({
    kind: 'tab-only',
    reason: expect.stringMatching(/reload this tab/),
  });
});

test('a store that cannot be opened is said to be so, with the browser’s reason', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('Internal error opening backing store', 'UnknownError');
  });
  expect(await progress.storeStatus()).toMatchObject({
    kind: 'tab-only',
    reason: expect.stringMatching(/Internal error opening backing store/),
  });
});
