/**
 * The page of the attack suite: the site's own bridge and nothing around it, with things on the page that an attack could want (progress, storage,
 * the document) and a watch on each of them.
 */
import { simulate } from '../../../engine/grade/tape.ts';
import { policiesFor, type Failure, type Scenario } from '../../../engine/index.ts';
import { LIMITS } from '../../../engine/sandbox/guard.ts';
import { doInFrame, type Result } from '../../../src/bridge/frame.ts';
import { typescript } from '../../../src/bridge/language.ts';
import { prepare, runKata, runUnchecked } from '../../../src/bridge/kata.ts';

/** What came of one submission. */
export interface Outcome {
  readonly passed: boolean;
  /** Of the whole, or else of the first scenario that failed. */
  readonly failure?: Failure;
  readonly log: readonly string[];
  readonly ms: number;
  /** How often the page's own timer fired meanwhile, and the longest it had to wait. */
  readonly beats: number;
  readonly longestGapMs: number;
}

export interface Harness {
  readonly prepare: typeof prepare;
  run(kata: string, source: string, options?: { unchecked?: boolean; suite?: 'visible' | 'both' }): Promise<Outcome>;
  /** Of a picker's run in the frame, and of the replay of its tape out here. */
  digests(source: string, scenario: Scenario): Promise<{ inFrame: string; replayed: string }>;
  /** What an attack has changed on the page; empty if nothing. */
  damage(): Promise<string[]>;
}

const damage: string[] = [];
const BEAT_MS = 25;
let beats = 0;
let longestGapMs = 0;
let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  longestGapMs = Math.max(longestGapMs, nowMs - lastMs - BEAT_MS);
  lastMs = nowMs;
  beats += 1;
}, BEAT_MS);

localStorage.setItem('progress', 'mine');
sessionStorage.setItem('progress', 'mine');
document.cookie = 'progress=mine';
const opening = indexedDB.open('progress', 1);
opening.onupgradeneeded = () => opening.result.createObjectStore('mine');
opening.onsuccess = () => opening.result.close();
const cachesReady = caches.open('progress').then((cache) => cache.put('/mine', new Response('mine')));
for (const name of ['ballast', 'progress'])
  new BroadcastChannel(name).onmessage = () => damage.push(`a message over the broadcast channel "${name}"`);
window.addEventListener('message', () => damage.push('a message to the page'));
window.addEventListener('error', ({ message }) => damage.push(`an error on the page: ${message}`));
window.addEventListener('storage', () => damage.push('a storage event'));
window.addEventListener('hashchange', () => damage.push('another address'));

async function found(): Promise<string[]> {
  await cachesReady;
  const kept: Record<string, unknown> = {
    localStorage: localStorage.getItem('progress') === 'mine' && localStorage.length === 1,
    sessionStorage: sessionStorage.getItem('progress') === 'mine' && sessionStorage.length === 1,
    cookies: document.cookie === 'progress=mine',
    databases: (await indexedDB.databases()).map(({ name }) => name).join() === 'progress',
    caches: (await caches.keys()).join() === 'progress',
    title: document.title === 'Attacks',
    document: [...document.body.children].every((element) => element.matches('main, iframe[sandbox="allow-scripts"]')),
    prototypes: !('polluted' in {}) && !('polluted' in []),
    'the spare frame': document.querySelectorAll('iframe').length <= 1,
  };
  return [...damage, ...Object.keys(kept).filter((name) => kept[name] !== true)];
}

const harness: Harness = {
  prepare,
  async run(kata, source, { unchecked = false, suite = 'visible' } = {}) {
    beats = 0;
    longestGapMs = 0;
    const beganMs = performance.now();
    const verdict = await (unchecked ? runUnchecked : runKata)({ kata, source, suite });
    const failure = verdict.failure ?? verdict.scenarios.find(({ status }) => status === 'failed')?.failure;
    const ms = performance.now() - beganMs;
    return { passed: verdict.passed, ...(failure && { failure }), log: verdict.log, ms, beats, longestGapMs };
  },
  async digests(source, scenario) {
    const { seed } = scenario;
    const code = await typescript.ask((language) => language.instrument(source, { marks: false }));
    const tests = [{ scenario, seed }];
    const results: Result[] = [];
    const job = { run: 1, kind: 'picker', code, limits: LIMITS, marksFrom: 0, tests } as const;
    const { kind } = await doInFrame(job, (result) => results.push(result), new AbortController().signal);
    const run = results[0]?.result;
    if (run === undefined || run.fault) throw new Error(`${scenario.name}: ${kind}, ${JSON.stringify(run?.fault)}`);
    return { inFrame: run.digest, replayed: simulate(scenario, seed, run.tape, policiesFor(scenario)).digest() };
  },
  damage: found,
};

Object.assign(globalThis, { harness });
