import { expect, test } from 'vitest';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import type { ShrinkOptions, TwinRun } from '../../../src/bridge/kata.ts';
import { createShrinking } from '../../../src/components/kata/shrinking.ts';
import { worldText } from '../../../src/components/kata/summary.ts';

const failed: ScenarioVerdict = {
  suite: 'hidden',
  number: 4,
  name: 'one-slow',
  title: 'One slow',
  seed: 7,
  status: 'failed',
  failure: { kind: 'wrong-answer', title: 'Wrong answer: a busier backend is picked' },
};

const backend = (id: string) => ({ id, workers: 1, service: { default: { kind: 'constant', valueUs: 1000 } } });

function twin(timeline: readonly object[] = []): TwinRun {
  const scenario = parseScenario(
    {
      name: 'small',
      title: 'The smallest world found: 2 backends',
      shows: 'a failure',
      durationUs: 233_000,
      clients: [{ id: 'web', arrivals: { kind: 'constant', rateRps: 100 } }],
      pools: [{ picker: { name: 'random' }, backends: [backend('s1'), backend('s2')] }],
      timeline,
    },
    'small.json',
  );
  const unasked = () => Promise.reject(new Error('nobody asks'));
  return { scenario, verdict: failed, requests: 26, open: unasked, calls: unasked };
}

/** A search that the test answers. */
function search() {
  const asked: { source: string; options: ShrinkOptions; answer: (found: TwinRun | undefined) => void }[] = [];
  const said: string[] = [];
  const shrinking = createShrinking(
    { shrink: (source, _, options) => new Promise((answer) => asked.push({ source, options, answer })) },
    (words) => said.push(words),
  );
  return { asked, said, ...shrinking };
}

test('a search counts the worlds it tries, then shows what it found and says it in words', async () => {
  const { asked, said, state, shrink } = search();
  const done = shrink('mine', failed);
  asked[0]!.options.onTried!(8);
  expect(state.value).toEqual({ of: failed, kind: 'searching', tried: 8 });
  const found = twin([{ do: 'crash', backend: 's1', atUs: 1000 }]);
  asked[0]!.answer(found);
  await done;
  expect(state.value).toEqual({ of: failed, kind: 'found', twin: found });
  expect(said).toEqual([
    'Shrinking to the smallest failing world',
    'Found: 2 backends, 26 requests, 1 fault, ends at 233\u00a0ms.',
  ]);
});

test('where no smaller world fails the same way, that is said', async () => {
  const { asked, state, shrink } = search();
  const done = shrink('mine', failed);
  asked[0]!.answer(undefined);
  await done;
  expect(state.value).toMatchObject({
    kind: 'none',
    why: expect.stringMatching(/^No smaller world was found/) as string,
  });
});

test('a search that breaks says why and keeps the failure it belongs to', async () => {
  const { state, shrink } = createShrinking(
    { shrink: () => Promise.reject(new Error('worker gone')) },
    () => undefined,
  );
  await shrink('mine', failed);
  expect(state.value).toMatchObject({
    of: failed,
    kind: 'none',
    why: expect.stringContaining('worker gone') as string,
  });
});

test('a search that is stopped leaves nothing behind, whatever comes late', async () => {
  const { asked, state, shrink, stop } = search();
  const done = shrink('mine', failed);
  stop();
  expect(asked[0]!.options.signal!.aborted).toBe(true);
  asked[0]!.options.onTried!(16);
  asked[0]!.answer(twin());
  await done;
  expect(state.value).toBeUndefined();
});

test('stopping after the search has ended keeps what was found; a new verdict forgets it', async () => {
  const { asked, state, shrink, stop, forget } = search();
  const done = shrink('mine', failed);
  asked[0]!.answer(twin());
  await done;
  stop();
  expect(state.value?.kind).toBe('found');
  forget();
  expect(state.value).toBeUndefined();
});

test('the size of a world tells faults from what is done on purpose', () => {
  const drained = twin([
    { do: 'drain', backend: 's1', atUs: 1000 },
    { do: 'slow', backend: 's2', factor: 4, atUs: 2000 },
    { do: 'recover', backend: 's2', atUs: 3000 },
  ]);
  expect(worldText(drained)).toBe('2 backends, 26 requests, 1 fault, 1 planned change, ends at 233\u00a0ms');
  expect(worldText({ ...twin(), requests: 1 })).toBe('2 backends, 1 request, no faults, ends at 233\u00a0ms');
});
