import type { RouteMatch } from '../core/policies.ts';
import type { Listener } from '../traffic/listeners.ts';

/** How requests find their backends, as the control plane has it now. Backends are the engine's indices. */
export interface Configured {
  /** One that is named like a pool is that pool. */
  readonly groups: readonly {
    readonly id: string;
    readonly algorithm: string;
    readonly backends: readonly number[];
    readonly sticky: boolean;
  }[];
  readonly matches: readonly RouteMatch[];
  readonly listeners: readonly Listener[];
}
