import type { Cache } from './cache.ts';
import type { Collector } from './collector.ts';
import type { Sessions } from './sessions.ts';
import type { Stations } from './stations.ts';

/** What a machine has beside workers and a queue. Most have nothing, and then it costs nothing. */
export interface Parts {
  readonly sessions: Sessions | undefined;
  readonly cache: Cache | undefined;
  readonly collector: Collector | undefined;
  /** What each request asks in turn when its own work is done, and where. */
  readonly calls: readonly string[];
  readonly stations: Stations;
  /** Connections it holds at a time, and how many the kernel holds beyond until they are accepted. */
  readonly connectionLimit: { readonly max: number; readonly backlog: number } | undefined;
}
