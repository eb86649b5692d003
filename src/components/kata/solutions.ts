/** Solutions are fetched when a learner asks to see one, never before. */
const sources = import.meta.glob<string>('/katas/*/solution.ts', { query: '?raw', import: 'default' });

/** @throws Error when the kata has no solution or it cannot be fetched. */
export async function solutionOf(kata: string): Promise<string> {
  const load = sources[`/katas/${kata}/solution.ts`];
  if (!load) throw new Error(`The kata ${kata} has no solution file.`);
  return load();
}
