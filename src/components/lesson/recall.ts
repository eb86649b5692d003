import { EVENT, EVENT_KIND, type Frame } from '../../../engine/index.ts';
import { NARRATED } from './narrate.ts';
import { nodeStates } from './nodes.ts';
import { type Pick, PICKS_KEPT } from './scene.ts';
import { backendStates } from './states.ts';

/** What happened lately, beside the frame of this instant. */
export interface Recent {
  /** About one second before the frame; undefined at the start of a run. */
  readonly before:
    | {
        readonly atUs: number;
        readonly picked: readonly number[];
        readonly queued: readonly number[];
        /** By node of a tier, requests that had come to it. */
        readonly taken: readonly number[];
      }
    | undefined;
  /** The newest last. */
  readonly picks: readonly Pick[];
}

/** What a figure keeps of the frames it has seen: the world a second ago, the last picks, events for the table, the series for the chart. */
export interface Recall {
  readonly recent: Recent;
  /** EVENT columns of the newest narrated events, in order. */
  readonly events: readonly number[];
  /** POINT columns since the start of the run; NaN, which JSON turns to null, where nothing had finished. */
  readonly series: readonly (number | null)[];
  readonly snapshots: readonly Snapshot[];
}

type Snapshot = NonNullable<Recent['before']>;

export const NOTHING_YET: Recall = { recent: { before: undefined, picks: [] }, events: [], series: [], snapshots: [] };

const EVENTS_KEPT = 60;
const SNAPSHOT_EVERY_US = 100_000;
const LOOK_BACK_US = 1_000_000;

/** Adds what a frame brings. Start from NOTHING_YET when the frame's series begins at 0. */
export function remember(recall: Recall, frame: Frame): Recall {
  const snapshots = withSnapshot(recall.snapshots, frame);
  const before = snapshots.findLast(({ atUs }) => atUs <= frame.nowUs - LOOK_BACK_US) ?? snapshots[0];
  const { events, picks } = readEvents(frame.events);
  return {
    recent: {
      before: before === undefined || before.atUs === frame.nowUs ? undefined : before,
      picks: [...recall.recent.picks, ...picks].slice(-PICKS_KEPT),
    },
    events: [...recall.events, ...events].slice(-EVENTS_KEPT * EVENT.stride),
    series: frame.series.length === 0 ? recall.series : [...recall.series, ...frame.series],
    snapshots,
  };
}

function withSnapshot(snapshots: readonly Snapshot[], frame: Frame): readonly Snapshot[] {
  const last = snapshots.at(-1);
  if (last !== undefined && frame.nowUs < last.atUs + SNAPSHOT_EVERY_US) return snapshots;
  const states = backendStates(frame);
  const snapshot = {
    atUs: frame.nowUs,
    picked: states.map(({ picked }) => picked),
    queued: states.map(({ queued }) => queued),
    taken: nodeStates(frame).map(({ taken }) => taken),
  };
  const old = snapshots.findLastIndex(({ atUs }) => atUs <= frame.nowUs - LOOK_BACK_US);
  return [...snapshots.slice(Math.max(0, old)), snapshot];
}

function readEvents(columns: Float64Array): { events: number[]; picks: Pick[] } {
  const events: number[] = [];
  const picks: Pick[] = [];
  for (let at = 0; at < columns.length; at += EVENT.stride) {
    const kind = columns[at + EVENT.kind]!;
    if (!NARRATED.includes(kind)) continue;
    events.push(...columns.subarray(at, at + EVENT.stride));
    if (kind === EVENT_KIND.picked) {
      picks.push({ request: columns[at + EVENT.request]!, backend: columns[at + EVENT.backend]! });
    }
  }
  return { events, picks };
}
