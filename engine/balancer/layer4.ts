import type { FlowTable } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import { ConnectionTable } from './connection-table.ts';
import type { ConnectionTableSettings } from './connection-table.ts';
import type { Clock, PolicyContext } from './context.ts';
import { Flows } from './flows.ts';

/** What a balancer remembers of connections on layer 4: a machine that starts again has lost it. */
export class Layer4 {
  table: ConnectionTable;
  /** In a tier: finds the backends of flows, in the place of pickers and of the table. */
  readonly flows: Flows | undefined;
  private readonly settings: ConnectionTableSettings | undefined;
  private readonly clock: Clock;

  constructor(
    settings: ConnectionTableSettings | undefined,
    makeFlows: (() => FlowTable) | undefined,
    clock: Clock,
    context: PolicyContext,
  ) {
    this.settings = settings;
    this.clock = clock;
    this.table = new ConnectionTable(settings);
    this.flows = makeFlows && new Flows(makeFlows, context);
  }

  restart(): void {
    this.table = new ConnectionTable(this.settings);
    this.flows?.restart();
  }

  /** Another node has found this backend for a connection. */
  learn(connection: number, backend: number): void {
    this.table.forget(connection);
    this.table.add(connection, backend, this.clock.nowUs);
  }

  /** The connection that the request came on is over. */
  close(request: RequestView): void {
    this.flows?.close(request);
  }
}
