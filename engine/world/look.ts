import type { Balancer } from '../balancer/balancer.ts';
import type { BackendView } from '../core/backend.ts';
import type { BalancerNode } from './node.ts';
import type { RequestPath } from './request-path.ts';
import type { Servers } from './servers.ts';
import type { Tier } from './tier.ts';

/** The inside of a run, for whoever draws it: to be read at once and not to be kept. */
export interface Look {
  /** Of the first node, as are `views` and `balancer`: in a tier each has its own. */
  readonly path: RequestPath;
  readonly servers: Servers;
  readonly views: readonly BackendView[];
  readonly balancer: Balancer;
  readonly nodes: readonly BalancerNode[];
  /** undefined: there is one balancer. */
  readonly tier: Tier | undefined;
}
