import type { LoadKeeper } from '../balancer/load-keeper.ts';
import type { Clock } from '../balancer/context.ts';
import type { Alarms } from './alarms.ts';
import type { BalancerNode } from './node.ts';
import type { TierSpec } from './scenario-tier.ts';

type Shared = Exclude<TierSpec['view'], { kind: 'own' }>;

/**
 * What nodes know of each other's load: the requests in flight from all of them together, as they were at the last refresh of a board, or some time ago. In
 * between a node does not add its own: so all of them send to whoever looked idle. (Mitzenmacher, "How Useful Is Old Information?", 2000.)
 */
export class LoadBoard {
  private readonly clock: Clock;
  private readonly nodes: readonly BalancerNode[];
  /** Requests in flight from all nodes, by index of the backend. */
  private readonly totals: number[] = [];
  private readonly tell: (backend: number, by: number) => void;

  constructor(view: Shared, nodes: readonly BalancerNode[], clock: Clock, alarms: Alarms) {
    this.clock = clock;
    this.nodes = nodes;
    this.tell = view.kind === 'board' ? this.refreshEvery(view.everyUs, alarms) : this.after(view.byUs, alarms);
    for (const { balancer } of nodes) balancer.load = this.keeper();
  }

  /** The own counts of one node. */
  private keeper(): LoadKeeper {
    const own: number[] = [];
    const { totals } = this;
    return {
      add: (backend, by) => {
        totals[backend] = (totals[backend] ?? 0) + by;
        this.tell(backend, by);
        return (own[backend] = (own[backend] ?? 0) + by);
      },
      count: (backend) => own[backend] ?? 0,
    };
  }

  private refreshEvery(everyUs: number, alarms: Alarms): () => void {
    const refresh = alarms.row(1, () => {
      const count = this.nodes[0]!.views.length;
      for (let backend = 0; backend < count; backend++) this.show(backend, this.totals[backend] ?? 0);
      refresh.set(0, this.clock.nowUs + everyUs);
    });
    refresh.set(0, this.clock.nowUs + everyUs);
    return () => undefined;
  }

  private after(byUs: number, alarms: Alarms): (backend: number, by: number) => void {
    const news: { readonly backend: number; readonly total: number; readonly atUs: number }[] = [];
    const arrival = alarms.row(1, () => {
      while (news.length > 0 && news[0]!.atUs <= this.clock.nowUs) {
        const { backend, total } = news.shift()!;
        this.show(backend, total);
      }
      if (news.length > 0) arrival.set(0, news[0]!.atUs);
    });
    return (backend) => {
      news.push({ backend, total: this.totals[backend]!, atUs: this.clock.nowUs + byUs });
      if (news.length === 1) arrival.set(0, news[0]!.atUs);
    };
  }

  private show(backend: number, total: number): void {
    for (const { balancer } of this.nodes) balancer.showLoad(backend, total);
  }
}
