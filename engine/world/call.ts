import type { RequestView } from '../core/request.ts';

/** What a user wants: made of one request, or of several if the client tries again. */
export interface Call {
  readonly client: number;
  readonly user: number;
  readonly kind: number;
  /** The session it needs; below 0: it logs in, and session -n begins; 0: neither. */
  readonly session: number;
  /** The number of its key; undefined where its class has none. */
  readonly key: number | undefined;
  /** Requests sent so far. */
  attempts: number;
  /** What stands for it at the retry policy: the view of its first request. */
  view: RequestView | undefined;
  /** Its row in the log. */
  readonly row: number;
}
