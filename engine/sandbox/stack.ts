/** The first place in the learner's file that an error's stack names; zeros where it names none. */
export function placeIn(error: unknown): { line: number; column: number } {
  let stack = '';
  try {
    const found: unknown = (error as { stack?: unknown } | null | undefined)?.stack;
    if (typeof found === 'string') stack = found;
  } catch {
    // A stack that throws when read tells nothing.
  }
  const match = /learner\.ts:(\d{1,6}):(\d{1,6})/.exec(stack);
  return { line: Number(match?.[1] ?? 0), column: Number(match?.[2] ?? 0) };
}
