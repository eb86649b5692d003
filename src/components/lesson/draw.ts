import type { Question } from './bank.ts';

/** One round of questions: which, and what was chosen for each so far. */
export interface Draw {
  readonly questions: readonly Question[];
  readonly answers: Readonly<Record<string, number>>;
}

/** `count` questions in random order, those not yet `seen` before the others. `random` answers a number from 0 to 1, 1 excluded. */
export function draw(pool: readonly Question[], count: number, seen: ReadonlySet<string>, random: () => number): Draw {
  const keyed = pool.map((question) => ({ question, key: random() + (seen.has(question.id) ? 1 : 0) }));
  keyed.sort((a, b) => a.key - b.key);
  return { questions: keyed.slice(0, count).map(({ question }) => question), answers: {} };
}

/** The questions of a round that were answered wrongly. */
export function missed({ questions, answers }: Draw): Question[] {
  return questions.filter(({ id, options }) => options[answers[id] ?? -1]?.correct !== true);
}
