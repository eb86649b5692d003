import fc from 'fast-check';
import type { Backend } from '../../engine/core/policy.ts';
import type { SmallPool } from './small-pool.ts';

/** One thing that happens to a pool. Indices are taken modulo what is there, so that every sequence of commands makes sense. */
export type Command =
  | { readonly do: 'send' }
  | { readonly do: 'announce' }
  | { readonly do: 'end' | 'remove' | 'drain' | 'undrain'; readonly index: number }
  | { readonly do: 'add' | 'set-weight'; readonly index: number; readonly weight: number };

const index = fc.nat(20);
const weight = fc.integer({ min: 1, max: 10 });

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant({ do: 'send' } as const) },
    { weight: 1, arbitrary: fc.constant({ do: 'announce' } as const) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), index }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('remove', 'drain', 'undrain'), index }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add', 'set-weight'), index, weight }) },
  ),
  { maxLength: 150 },
);

/** Carries a command out. Answers what a pick answered, if it was one. */
export function obey(pool: SmallPool, command: Command): { readonly picked: Backend | undefined } | undefined {
  if (command.do === 'send') return { picked: pool.send() };
  if (command.do === 'announce') pool.announce();
  else if (command.do === 'add') pool.add(command.weight, command.index % (pool.size + 1));
  else if (command.do === 'end') {
    if (pool.open.length > 0) pool.end(command.index % pool.open.length);
  } else if (pool.size > 0) {
    const at = command.index % pool.size;
    if (command.do === 'remove') pool.remove(at);
    else if (command.do === 'set-weight') pool.setWeight(at, command.weight);
    else pool.drain(at, command.do === 'drain');
  }
  return undefined;
}
