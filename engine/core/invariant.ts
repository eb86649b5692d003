/** A programmer's error: the engine, or a policy, broke its own contract. Never thrown for an operating outcome. */
export class InvariantError extends Error {
  override name = 'InvariantError';
}

/** Throws an InvariantError when `condition` is false. `message` says what was expected and what was found. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
