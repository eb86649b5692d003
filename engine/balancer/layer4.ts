import type { FlowTable } from '../core/policy.ts';
import { isDatagram } from '../core/request.ts';
import type { RequestView } from '../core/request.ts';
import { ConnectionTable } from './connection-table.ts';
import type { ConnectionTableSettings } from './connection-table.ts';
import type { Clock, PolicyContext } from './context.ts';
import { Flows } from './flows.ts';

/** What a balancer remembers of connections on layer 4: a machine that starts again has lost it. */
export class Layer4 {
  table: ConnectionTable;
  /** Flows of UDP, which only silence ends. */
  datagrams: ConnectionTable;
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
    this.datagrams = datagramTable(settings);
    this.flows = makeFlows && new Flows(makeFlows, context);
  }

  restart(): void {
    this.table = new ConnectionTable(this.settings);
    this.datagrams = datagramTable(this.settings);
    this.flows?.restart();
  }

  /** Does it remember whence the request came? Not a connection that carries no other (`longLived`): its row would be of no use. */
  remembers(request: RequestView, longLived: boolean): boolean {
    return longLived || isDatagram(request);
  }

  /** The backend of the connection or flow; undefined: it is not known. A flow whose backend has left its pool begins anew: nobody could close it. */
  backendOf(request: RequestView, members: readonly { readonly removed: boolean }[]): number | undefined {
    const table = this.tableFor(request);
    const backend = table.use(request.connection, this.clock.nowUs);
    if (backend === undefined || table === this.table || !members[backend]!.removed) return backend;
    table.forget(request.connection);
    return undefined;
  }

  pin(request: RequestView, backend: number): void {
    this.tableFor(request).add(request.connection, backend, this.clock.nowUs);
  }

  /** Another node has found this backend for the connection of a request. */
  learn(request: RequestView, backend: number): void {
    this.tableFor(request).forget(request.connection);
    this.pin(request, backend);
  }

  private tableFor(request: RequestView): ConnectionTable {
    return isDatagram(request) ? this.datagrams : this.table;
  }

  /** The connection that the request came on is over. */
  close(request: RequestView): void {
    this.flows?.close(request);
  }
}

/** AWS's Network Load Balancer forgets a flow after 120 s without a packet, IPVS after 300 s, Linux's conntrack after 120 s once both sides have spoken. */
function datagramTable(settings: ConnectionTableSettings | undefined): ConnectionTable {
  const { limit = 8_000_000, udpIdleTimeoutUs = 120_000_000 } = settings ?? {};
  return new ConnectionTable({ limit, idleTimeoutUs: udpIdleTimeoutUs });
}
