import type { Action, ControlRequest, ControlResponse, EVENT_KIND, Scenario } from '../../../engine/index.ts';
import type { Row } from '../lesson/narrate.ts';
import type { Sign } from '../lesson/states.ts';

/** What the commands can do to the world: the face the lab shows to its terminal. Times are simulated microseconds. */
export interface Lab {
  /** The world as it was loaded, without what was done to it since. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly nowUs: number;
  readonly ended: boolean;
  readonly running: boolean;
  /** Requests so far: arrived at the balancer, answered well, or not. */
  readonly counts: { readonly arrived: number; readonly served: number; readonly failed: number };
  /** Simulated seconds per second on the wall. */
  readonly speed: number;
  /** The library, in its order. */
  readonly library: readonly { readonly name: string; readonly title: string }[];
  /** Of the backends in service, as last heard. */
  readonly backendIds: readonly string[];

  backends(): Promise<readonly BackendRow[]>;
  /** The newest `limit` events so far that pass the filter, oldest first. */
  events(filter: EventFilter, limit: number): Promise<readonly Row[]>;
  /** Hears of events as the clock passes them; `more`: there were others, too many to hand on. Answers how to stop. */
  follow(filter: EventFilter, listener: (events: readonly Row[], more: boolean) => void): () => void;

  /** Starts the clock. Answers when it stands again: at `untilUs`, at the end, or because somebody paused it. */
  run(untilUs: number): Promise<void>;
  /** Answers when the clock stands; at once when it does not run. */
  stopped(): Promise<void>;
  pause(): Promise<void>;
  /** To just after the next event. Answers what happened; nothing when the run has ended. */
  step(): Promise<readonly Row[]>;
  /** Back to just after the event before the last one. */
  back(): Promise<void>;
  /** Replays from the start, with everything that was done to the world up to there. */
  seek(atUs: number): Promise<void>;
  setSpeed(speed: number): void;

  /** Does it now, and again at this moment whenever the run is replayed. Answers what was done, in words. */
  apply(action: Deed): Promise<string>;
  /** A request to the control plane of the balancer. */
  control(request: ControlRequest): Promise<ControlResponse>;
  /** Starts the same world again from 0, or another, or with another seed; what was done to it is dropped. */
  load(world: { readonly name?: string; readonly seed?: number }): Promise<void>;
}

/** The least and the most of them. */
export const SPEEDS = { least: 0.01, most: 1000 } as const;

/** An action without its time, which is now. */
export type Deed<T = Action> = T extends unknown ? Omit<T, 'atUs'> : never;

export interface EventFilter {
  readonly kind?: EventName;
  readonly backend?: string;
}

/** The kinds of event that are told; arrivals and starts of work repeat what a pick and a response say. */
export const EVENT_NAMES = [
  'picked',
  'queued',
  'served',
  'failed',
  'probed',
  'health',
  'action',
] as const satisfies readonly (keyof typeof EVENT_KIND)[];
export type EventName = (typeof EVENT_NAMES)[number];

/** What the balancer believes of a backend, what is true, and what it is doing. */
export interface BackendRow {
  readonly id: string;
  readonly pool: string;
  readonly weight: number;
  readonly believed: Sign;
  readonly truth: Sign;
  readonly inFlight: number;
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  /** Over the requests it served in the last `WINDOW_US`, of which there were n. NaN when n is 0. */
  readonly p99Us: number;
  readonly n: number;
}

export const WINDOW_US = 10_000_000;
