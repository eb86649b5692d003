import type { Balancer } from '../balancer/balancer.ts';
import type { Clock } from '../balancer/context.ts';
import type { Client } from './clients.ts';
import { OPEN, SERVED } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import type { Recorder } from './recorder.ts';
import type { RequestWorld } from './request-world.ts';
import type { Servers } from './servers.ts';

/** The client's end of a request: the connection it comes on, and what becomes of it in the end. */
export class ClientSide {
  private readonly clock: Clock;
  private readonly clients: readonly Client[];
  private readonly balancer: Balancer;
  private readonly servers: Servers;
  private readonly recorder: Recorder;
  private readonly rows: InFlight;
  private readonly setsCookies: boolean;
  private connections = 0;
  /** The cookie that the response to a request is to set, by id of the request. */
  private readonly cookies = new Map<number, string | undefined>();

  constructor(around: RequestWorld, rows: InFlight) {
    this.clock = around.clock;
    this.clients = around.clients;
    this.balancer = around.balancer;
    this.servers = around.servers;
    this.recorder = around.recorder;
    this.setsCookies = around.setsCookies;
    this.rows = rows;
  }

  /** The number of the connection for the next request. A long-lived one is opened again if it was closed or has lost its backend. */
  connectionOf(client: Client, place: number): number {
    if (!client.longLived) return ++this.connections;
    const current = client.connectionAt(place);
    if (current !== 0 && !this.balancer.isCutOff(current)) return current;
    this.balancer.closeConnection(current);
    client.open(place, ++this.connections);
    return this.connections;
  }

  /** The connection a request came on is closed, if others were to come on it. */
  close(row: number): void {
    const client = this.clients[this.rows.client[row]!]!;
    if (!client.longLived) return;
    const { connection } = this.rows.view[row]!;
    client.close(connection);
    this.balancer.closeConnection(connection);
  }

  /** The response to this request is to set a cookie. */
  willSet(row: number, cookie: string | undefined): void {
    this.cookies.set(this.rows.id[row]!, cookie);
  }

  /** It has the answer, or the error. */
  finish(row: number, answer: number): void {
    if (answer === SERVED) this.succeed(row);
    else this.fail(row, answer);
  }

  private succeed(row: number): void {
    const { rows } = this;
    const nowUs = this.clock.nowUs;
    if (this.setsCookies) this.takeCookie(row);
    const backend = this.answererOf(row);
    if (backend >= 0) this.servers.served[backend]!++;
    this.recorder.served(rows.id[row]!, backend, nowUs - rows.sentUs[row]!, nowUs);
    rows.close(row, OPEN.client);
  }

  private takeCookie(row: number): void {
    const { rows, cookies } = this;
    const cookie = cookies.get(rows.id[row]!);
    if (cookie !== undefined) this.clients[rows.client[row]!]!.users.keep(rows.user[row]!, cookie);
    cookies.delete(rows.id[row]!);
  }

  /** The backend whose answer this is; -1: none had a part in it. */
  private answererOf(row: number): number {
    return this.rows.errand[row]?.by ?? this.rows.backend[row]!;
  }

  fail(row: number, failure: number): void {
    const { rows } = this;
    const backend = this.answererOf(row);
    if (backend >= 0) this.servers.failed[backend]!++;
    rows.leg[row] = 0;
    if (this.setsCookies) this.cookies.delete(rows.id[row]!);
    this.recorder.failed(rows.id[row]!, backend, failure, this.clock.nowUs);
    rows.close(row, OPEN.client);
  }
}
