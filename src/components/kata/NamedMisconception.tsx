import type { ComponentChildren } from 'preact';
import type { KataInfo } from './kata-info.ts';
import { misconceptionsOf } from './misconceptions.ts';

/** The mistakes that end as the last run did, then the one this kata is about. */
export function NamedMisconception({
  kata,
  failed,
  general,
}: {
  kata: KataInfo;
  failed: string | undefined;
  general: ComponentChildren;
}) {
  const fitting = misconceptionsOf(kata.misconceptions, failed);
  return (
    <>
      {failed !== undefined && fitting.length === 0 && <p>No known misconception fits your last run.</p>}
      {fitting.length > 0 && <p>A run like yours comes from thinking:</p>}
      {fitting.length > 0 && (
        <ul class="b-thoughts">
          {fitting.map(({ words }) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {general}
    </>
  );
}
