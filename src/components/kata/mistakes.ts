import type { KataVerdict } from '../../../engine/index.ts';
import { runKata } from '../../bridge/kata.ts';
import type { KnownMisconception, World } from './misconceptions.ts';
import type { Judged } from './session.ts';

/** The code of a mistake is fetched when somebody asks what theirs may be, never before. */
const sources = import.meta.glob<string>('/katas/*/mutants/*.ts', { query: '?raw', import: 'default' });

/** Runs the code of a known mistake in some of the worlds where the learner's ran: the same requests, the same seeds. */
export async function runMistake(
  kata: string,
  { name }: KnownMisconception,
  { suite, verdict: { attempt } }: Judged,
  worlds: readonly World[],
  signal: AbortSignal,
): Promise<KataVerdict> {
  const load = sources[`/katas/${kata}/mutants/${name}.ts`];
  if (!load) throw new Error(`The kata ${kata} has no code for "${name}".`);
  return runKata({
    kata,
    source: await load(),
    suite,
    worlds,
    another: true,
    signal,
    ...(attempt !== undefined && { attempt }),
  });
}
