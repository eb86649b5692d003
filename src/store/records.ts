/**
 * What is kept about a learner, one interface per kind of record. Everything stays in the learner's own browser
 * (IndexedDB database `ballast`); `transfer.ts` writes the same records to a file and reads them back.
 * Every record says when it was written (`atIso`, ISO 8601), so that an import can tell which of two is newer.
 */

/** The six beats of a lesson, in order. Also the anchors of its page. */
export const beats = ['hook', 'worked-example', 'predict', 'experiment', 'check', 'reflect'] as const;
export type Beat = (typeof beats)[number];

/** How far a learner is with a kata, from nothing to solved alone. */
export const kataStates = ['new', 'tried', 'solved-with-help', 'solved'] as const;
export type KataState = (typeof kataStates)[number];

/** A beat that has been done. */
export interface BeatRecord {
  readonly lesson: string;
  readonly beat: Beat;
  readonly atIso: string;
}

/** What a learner expected before the figure ran. A declined prediction has no value. */
export interface Prediction {
  readonly value: number | string | null;
  /** As it stands behind the value on a page, for example `ms`. */
  readonly unit?: string | undefined;
  readonly why: string;
  readonly declined: boolean;
  readonly atIso: string;
}

export interface PredictionRecord extends Prediction {
  readonly lesson: string;
  readonly id: string;
}

/** The option last chosen for a check question, by its place in the question's list, from 0. */
export interface AnswerRecord {
  readonly lesson: string;
  readonly question: string;
  readonly option: number;
  readonly atIso: string;
}

/** What stands in a kata's editor. */
export interface SourceRecord {
  readonly kata: string;
  readonly source: string;
  /** Help was opened while it was written. */
  readonly helped?: boolean | undefined;
  readonly atIso: string;
}

/** One submission: what was handed in and how it went. */
export interface Attempt {
  readonly source: string;
  readonly passed: boolean;
  readonly visible: Score;
  /** Absent when only the visible scenarios ran. */
  readonly hidden?: Score | undefined;
  /** The title of the first failure, in the verdict's words. */
  readonly failure?: string | undefined;
}

export interface Score {
  readonly passed: number;
  readonly total: number;
}

export interface AttemptRecord extends Attempt {
  readonly kata: string;
  readonly atIso: string;
}

export interface StateRecord {
  readonly kata: string;
  readonly state: KataState;
  readonly atIso: string;
}

/** A question to come back to. */
export interface ReviewCard {
  /** Unique over the course, for example `04-round-robin-and-weights/equal-counts`. */
  readonly id: string;
  readonly kind: 'lesson' | 'kata';
  /** The slug of the lesson or kata it comes from. */
  readonly slug: string;
  readonly question: string;
  /** Absent on a kata's card: the answer is the kata. */
  readonly answer?: string | undefined;
}

export interface ReviewRecord extends ReviewCard {
  readonly dueIso: string;
  /** How many times in a row it was remembered; decides the next interval. */
  readonly step: number;
  readonly atIso: string;
}

/** Where a learner last was in a lesson. */
export interface PlaceRecord {
  readonly lesson: string;
  readonly beat: Beat;
  readonly atIso: string;
}

/** Every object store of the database with the type of its records. */
export interface Records {
  beats: BeatRecord;
  predictions: PredictionRecord;
  answers: AnswerRecord;
  sources: SourceRecord;
  attempts: AttemptRecord;
  states: StateRecord;
  reviews: ReviewRecord;
  places: PlaceRecord;
}
export type StoreName = keyof Records;

/** Which fields of a record are its key. The first one selects: `all('beats', lesson)`. */
export const keyPaths = {
  beats: ['lesson', 'beat'],
  predictions: ['lesson', 'id'],
  answers: ['lesson', 'question'],
  sources: ['kata'],
  attempts: ['kata', 'atIso'],
  states: ['kata'],
  reviews: ['id'],
  places: ['lesson'],
} as const satisfies { [S in StoreName]: readonly (keyof Records[S])[] };

export const storeNames = Object.keys(keyPaths) as StoreName[];

export function keyOf<S extends StoreName>(store: S, record: Records[S]): string[] {
  const fields: Record<string, unknown> = { ...record };
  return keyPaths[store].map((name) => String(fields[name]));
}
