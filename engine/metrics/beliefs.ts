import { EVENT_KIND } from './event-kind.ts';
import type { SideNotes } from './side-notes.ts';
import type { Trace } from './trace.ts';

/** A stretch of time in which neither what was believed of a backend nor what was true changed: fromUs <= t < toUs. */
export interface Stretch {
  readonly backend: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** Codes, as the trace and the notes have them. */
  readonly believed: number;
  readonly truth: number;
}

/** All stretches of each backend from 0 to `untilUs`, backend by backend, as this node sees them. `start` is what all begin with. */
export function stretches(
  trace: Trace,
  notes: SideNotes,
  backends: number,
  untilUs: number,
  node: number,
  start: { readonly believed: number; readonly truth: number },
): Stretch[] {
  const changes = [
    ...beliefChanges(trace, node),
    ...notes.truths.map(({ atUs, backend, truth }) => ({ atUs, backend, truth, believed: undefined })),
  ].sort((one, other) => one.atUs - other.atUs);
  return Array.from({ length: backends }, (_, backend) => {
    const list: Stretch[] = [];
    let now = { ...start, fromUs: 0 };
    for (const change of changes) {
      if (change.backend !== backend || change.atUs >= untilUs) continue;
      const next = { believed: change.believed ?? now.believed, truth: change.truth ?? now.truth, fromUs: change.atUs };
      if (next.believed === now.believed && next.truth === now.truth) continue;
      if (change.atUs > now.fromUs) list.push({ ...now, backend, toUs: change.atUs });
      now = next;
    }
    list.push({ ...now, backend, toUs: untilUs });
    return list;
  }).flat();
}

function beliefChanges(trace: Trace, node: number) {
  const changes: { atUs: number; backend: number; believed: number; truth: undefined }[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind[row] !== EVENT_KIND.health) continue;
    const { atUs, backend, value: believed, node: whose = 0 } = trace.at(row);
    if (whose === node) changes.push({ atUs, backend, believed, truth: undefined });
  }
  return changes;
}
