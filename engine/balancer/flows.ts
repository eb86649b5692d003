import type { BackendView } from '../core/backend.ts';
import type { FlowTable } from '../core/policy.ts';
import { flowOf } from '../core/request.ts';
import type { RequestView } from '../core/request.ts';
import type { PolicyContext } from './context.ts';

/** On layer 4 of a tier: finds the backend of a flow, in the place of pickers and of the connection table. */
export class Flows {
  private readonly make: () => FlowTable;
  private readonly context: PolicyContext;
  private table: FlowTable;

  constructor(make: () => FlowTable, context: PolicyContext) {
    this.make = make;
    this.context = context;
    this.table = make();
  }

  /** What the flow table answers, not checked in any way. `opens`: the request comes in the first packet of its connection. */
  find(request: RequestView, opens: boolean, backends: readonly BackendView[]): unknown {
    return this.table.lookup(flowOf(request), opens, backends, this.context);
  }

  /** The connection that the request came on is over. */
  close(request: RequestView): void {
    this.table.close?.(flowOf(request), this.context);
  }

  /** The machine starts again, and knows nothing. */
  restart(): void {
    this.table = this.make();
  }
}
