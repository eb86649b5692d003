/**
 * A learner's progress: beats, predictions, answers, kata sources, attempts and states, review cards, the last place.
 * Kept in this browser. When the browser cannot keep it, everything works on from memory and `storeStatus` says so;
 * the shell shows that as a notice. No function here throws because of storage.
 *
 * Nothing happens on import: safe to load where there is no browser.
 */
import {
  beats,
  kataStates,
  type Attempt,
  type AttemptRecord,
  type Beat,
  type KataState,
  type PlaceRecord,
  type Prediction,
  type ReviewCard,
  type ReviewRecord,
  type SourceRecord,
  type StoreName,
} from './records.ts';
import { copyToMemory, memoryShelf, openDatabaseShelf, type Shelf } from './shelf.ts';
import type { ImportReport } from './transfer.ts';

export { beats, type Attempt, type AttemptRecord, type Beat, type KataState, type PlaceRecord, type Prediction };
export type { ImportReport, ReviewCard, ReviewRecord, SourceRecord };

/** Whether progress outlives this tab and, when it does not, why: a sentence for the learner. */
export type StoreStatus = { readonly kind: 'kept' } | { readonly kind: 'tab-only'; readonly reason: string };

/** What changed, here or in another tab. `all` after an import or erasure, `status` when storage failed. */
export type Change = StoreName | 'all' | 'status';

// --- beats and places

/** Marks a beat as done. Done stays done. */
export async function beatDone(lesson: string, beat: Beat): Promise<void> {
  if (await use((shelf) => shelf.get('beats', [lesson, beat]))) return;
  await use((shelf) => shelf.put('beats', { lesson, beat, atIso: nowIso() }));
  announce('beats');
}

/** The beats done of every lesson that has any, by slug. */
export async function allLessons(): Promise<ReadonlyMap<string, ReadonlySet<Beat>>> {
  const lessons = new Map<string, Set<Beat>>();
  for (const { lesson, beat } of await use((shelf) => shelf.all('beats'))) {
    if (!beats.includes(beat)) continue;
    const done = lessons.get(lesson) ?? new Set();
    lessons.set(lesson, done.add(beat));
  }
  return lessons;
}

export async function setLastPlace(place: { lesson: string; beat: Beat }): Promise<void> {
  await use((shelf) => shelf.put('places', { ...place, atIso: nowIso() }));
  announce('places');
}

/** Where the learner last was, in this lesson or in any. */
export async function lastPlace(lesson?: string): Promise<PlaceRecord | undefined> {
  return newest(await use((shelf) => shelf.all('places', lesson)));
}

// --- predictions and answers

export async function savePrediction(lesson: string, id: string, prediction: Prediction): Promise<void> {
  await use((shelf) => shelf.put('predictions', { ...prediction, lesson, id }));
  announce('predictions');
}

export async function prediction(lesson: string, id: string): Promise<Prediction | undefined> {
  return use((shelf) => shelf.get('predictions', [lesson, id]));
}

/** All predictions of a lesson, by their ids' order. */
export async function predictions(lesson: string): Promise<Prediction[]> {
  return use((shelf) => shelf.all('predictions', lesson));
}

/** @param option its place in the question's list of options, from 0 */
export async function saveAnswer(lesson: string, question: string, option: number): Promise<void> {
  await use((shelf) => shelf.put('answers', { lesson, question, option, atIso: nowIso() }));
  announce('answers');
}

/** The option last chosen for each question of a lesson, by question id. */
export async function answers(lesson: string): Promise<ReadonlyMap<string, number>> {
  const records = await use((shelf) => shelf.all('answers', lesson));
  return new Map(records.map((record) => [record.question, record.option]));
}

// --- katas

export async function saveSource(kata: string, text: string, helped: boolean): Promise<void> {
  await use((shelf) => shelf.put('sources', { kata, source: text, helped, atIso: nowIso() }));
  announce('sources');
}

export async function source(kata: string): Promise<SourceRecord | undefined> {
  return use((shelf) => shelf.get('sources', [kata]));
}

export async function saveAttempt(kata: string, attempt: Attempt): Promise<void> {
  await use((shelf) => shelf.put('attempts', { ...attempt, kata, atIso: nowIso() }));
  announce('attempts');
}

/** Oldest first. */
export async function attempts(kata: string): Promise<AttemptRecord[]> {
  return use((shelf) => shelf.all('attempts', kata));
}

export async function kataState(kata: string): Promise<KataState> {
  return (await use((shelf) => shelf.get('states', [kata])))?.state ?? 'new';
}

/** The state of every kata that is not new, by slug. */
export async function allKatas(): Promise<ReadonlyMap<string, KataState>> {
  const records = await use((shelf) => shelf.all('states'));
  return new Map(records.filter(({ state }) => kataStates.includes(state)).map(({ kata, state }) => [kata, state]));
}

/** Only ever moves up, from new to tried to solved with help to solved. */
export async function setKataState(kata: string, state: KataState): Promise<void> {
  if (kataStates.indexOf(state) <= kataStates.indexOf(await kataState(kata))) return;
  await use((shelf) => shelf.put('states', { kata, state, atIso: nowIso() }));
  announce('states');
}

// --- review cards

/** Days until a card comes back after it was remembered 0, 1, 2 … times in a row. */
const reviewIntervalsDays = [3, 7, 21, 60];
/** Days until a card comes back that was not remembered. */
const retryAfterDays = 1;

/** Adds a card, due in three days. A card that is already there keeps its date. Returns it with its date. */
export async function addReview(card: ReviewCard): Promise<ReviewRecord> {
  const existing = await use((shelf) => shelf.get('reviews', [card.id]));
  if (existing) return existing;
  return putReview({ ...card, step: 0 }, reviewIntervalsDays[0]!);
}

/** Sets the next date of a card the learner has answered. Undefined when there is no such card. */
export async function answerReview(id: string, remembered: boolean): Promise<ReviewRecord | undefined> {
  const card = await use((shelf) => shelf.get('reviews', [id]));
  if (!card) return undefined;
  if (!remembered) return putReview({ ...card, step: 0 }, retryAfterDays);
  const step = Math.min(card.step + 1, reviewIntervalsDays.length - 1);
  return putReview({ ...card, step }, reviewIntervalsDays[step]!);
}

async function putReview(card: ReviewCard & { step: number }, days: number): Promise<ReviewRecord> {
  const now = new Date();
  const due = new Date(now);
  due.setDate(due.getDate() + days);
  const record: ReviewRecord = { ...card, dueIso: due.toISOString(), atIso: now.toISOString() };
  await use((shelf) => shelf.put('reviews', record));
  announce('reviews');
  return record;
}

/** All cards, the one due first at the front. */
export async function reviews(): Promise<ReviewRecord[]> {
  const cards = await use((shelf) => shelf.all('reviews'));
  return cards.sort((a, b) => a.dueIso.localeCompare(b.dueIso));
}

/** The cards due today: a card is due from the start of its day on. */
export async function dueReviews(): Promise<ReviewRecord[]> {
  const endOfToday = new Date();
  endOfToday.setHours(23, 59, 59, 999);
  return (await reviews()).filter((card) => card.dueIso <= endOfToday.toISOString());
}

// --- everything at once

/** Everything that is kept, as the text of a file that `importAll` reads. */
export async function exportAll(): Promise<string> {
  const { writeFile } = await import('./transfer.ts');
  return use((shelf) => writeFile(shelf, nowIso()));
}

/** Adds what a file holds to what is here; of two records for the same thing the newer one stays. */
export async function importAll(text: string): Promise<ImportReport> {
  const { readFile } = await import('./transfer.ts');
  const report = await use((shelf) => readFile(shelf, text));
  if (report.kept > 0) announce('all');
  return report;
}

export async function eraseAll(): Promise<void> {
  await use((shelf) => shelf.clear());
  forgetTyped();
  announce('all');
}

/** What was typed in the lab's terminal lies outside the database. */
function forgetTyped(): void {
  try {
    localStorage.removeItem('ballast-terminal-history');
  } catch {
    // Where storage is refused, nothing was kept.
  }
}

// --- who listens

const listeners = new Set<(change: Change) => void>();
let channel: BroadcastChannel | undefined;

/** Calls `listener` after every change, in this tab and in others. Returns the function that stops it. */
export function subscribe(listener: (change: Change) => void): () => void {
  listeners.add(listener);
  openChannel();
  return () => listeners.delete(listener);
}

function announce(change: Change): void {
  for (const listener of listeners) listener(change);
  if (change !== 'status') openChannel()?.postMessage(change);
}

function openChannel(): BroadcastChannel | undefined {
  if (channel || typeof BroadcastChannel === 'undefined') return channel;
  channel = new BroadcastChannel('ballast');
  channel.addEventListener('message', (event: MessageEvent<Change>) => {
    for (const listener of listeners) listener(event.data);
  });
  return channel;
}

// --- where it is kept

let shelf: Promise<Shelf> | undefined;
let status: StoreStatus = { kind: 'kept' };

/** Whether progress is being kept. Opens the store to find out. */
export async function storeStatus(): Promise<StoreStatus> {
  await use((open) => open.all('places'));
  return status;
}

/** Runs an action on the open shelf; when storage fails, once more on a copy in memory. */
async function use<T>(action: (shelf: Shelf) => Promise<T>): Promise<T> {
  shelf ??= openDatabaseShelf(() => (shelf = undefined)).catch((error: unknown) => keepInTab(memoryShelf(), error));
  const open = await shelf;
  try {
    return await action(open);
  } catch (error) {
    if (status.kind === 'tab-only') throw error;
    shelf = copyToMemory(open).then((copy) => keepInTab(copy, error));
    return action(await shelf);
  }
}

function keepInTab(copy: Shelf, error: unknown): Shelf {
  status = { kind: 'tab-only', reason: explain(error) };
  announce('status');
  return copy;
}

function explain(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') return 'The space this browser allows the site is used up.';
  if (name === 'VersionError') return 'A newer version of this site has already opened your progress: reload this tab.';
  if (typeof indexedDB === 'undefined' || name === 'SecurityError' || name === 'InvalidStateError')
    return 'This browser lets the site store nothing, as in some private windows.';
  return `The browser could not open or write its store (${error instanceof Error ? error.message : String(error)}).`;
}

function nowIso(): string {
  return new Date().toISOString();
}

function newest<R extends { readonly atIso: string }>(records: readonly R[]): R | undefined {
  return records.reduce<R | undefined>(
    (last, record) => (last && last.atIso >= record.atIso ? last : record),
    undefined,
  );
}
