/** The text of a new lesson. Its figures show a world that is there already, so that it builds. */

export interface NewLesson {
  readonly number: number;
  readonly title: string;
  readonly part: number;
  readonly after: readonly string[];
}

const QUESTIONS = 8;

export function lessonText({ number, title, part, after }: NewLesson): string {
  return `---
title: ${title}
description: 'Fill in: what one can do after this lesson, in one sentence.'
lesson: ${number}
part: ${part}
after: [${after.join(', ')}]
minutes: 15
sources:
  - title: 'Fill in: where the facts come from'
    url: https://www.rfc-editor.org/rfc/rfc9110
---

<Beat name="hook">

Fill in: a scene that surprises, with a number the engine computes: at 8 s <Measure scenario="equal-turns" metric="waiting" backends={['s4', 's5']} to="8 s" atLeast={1} /> requests wait.

<Figure scenario="equal-turns" number="${number}.1" at="8 s" layout="lanes" caption="Fill in: what one sees." />

</Beat>

<Beat name="worked-example">

Fill in: the idea, step by step, each term explained where it comes first.

<Stepper
  number="${number}.2"
  title="Fill in: what is worked out"
  code={\`for (const s of pool) s.now += s.weight
const pick = maxBy(pool, (s) => s.now)
pick.now -= totalWeight
return pick\`}
  example="smooth-weighted"
  weights={{ a: 3, b: 2, c: 1 }}
  picks={6}
  lines={{ pay: 3 }}
/>

</Beat>

<Beat name="predict">

Fill in: what the reader knows by now that helps to predict.

<Predict
  id="p99-of-all"
  scenario="equal-turns"
  query={{ metric: 'p99', to: '8 s' }}
  unit="ms"
  min={10}
  max={10_000}
  question="Fill in: a question with one number as its answer?"
/>

</Beat>

<Beat name="experiment">

Fill in: what to try, and what to look at while it runs.

<Figure
  scenario="equal-turns"
  number="${number}.3"
  title="Fill in: the experiment"
  at="8 s"
  compare="capacity"
  knob={{
    label: 'Picker',
    value: 0,
    choices: [
      { label: 'round robin' },
      { label: 'least connections', set: { '/pools/0/picker': { name: 'least-connections' } } },
    ],
  }}
  caption="Fill in: what changes."
/>

</Beat>

<Beat name="check">

<Questions count={3} />

</Beat>

<Beat name="reflect">

Fill in: before, now, and what it is good for.

<ReviewCard
  question="Fill in: what should still be known in a month?"
  answer="Fill in: the answer, with its reason."
/>

<NextKatas />

<Sources />

</Beat>
`;
}

/** Each question has to be another one, so each is numbered. */
export function questionBank(): string {
  const questions = Array.from({ length: QUESTIONS }, (_, at) => ({
    id: `question-${at + 1}`,
    question: `Fill in: question ${at + 1}?`,
    options: [
      { text: 'Fill in: the right answer.', correct: true, why: 'Fill in: why it is right.' },
      { text: 'Fill in: what many believe.', why: 'Fill in: what speaks against it.' },
      { text: 'Fill in: something else that is plausible.', why: 'Fill in: when that would be right.' },
    ],
  }));
  return JSON.stringify(questions, null, 2);
}
