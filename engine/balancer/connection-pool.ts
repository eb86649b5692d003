/** What is kept of connections to one backend. Infinity: no bound. */
export interface ConnectionSettings {
  readonly min: number;
  readonly idle: number;
  readonly idleTimeoutUs: number;
  readonly maxRequests: number;
  readonly lifetimeUs: number;
}

/** A connection to a backend, which carries one request at a time. */
export interface Connection {
  openedUs: number;
  requests: number;
  idleSinceUs: number;
  /** When the backend closes it, if no request reaches it before. */
  closesUs: number;
  /** When the balancer hears of that. In between a request runs into a closed connection. */
  hearsUs: number;
}

/**
 * The connections of a balancer to one backend. A request takes the one that was used last, as nginx does, so that what is not needed grows old and
 * is closed: for its idleness, its age, its number of requests, or because there are more idle ones than are kept. `min` of them are opened
 * ahead and kept though idle; a kept one that is closed is opened anew at once.
 *
 * Pure counting: it has no timers and closes the old ones when it is asked for one.
 *
 * Cost: a request takes and gives back in O(1), and each connection is closed once. Memory: one small object per connection.
 * Fails when: the backend's own idle timeout is the shorter one. Then requests are sent on connections that it is just closing.
 * Source: nginx, ngx_http_upstream_keepalive_module (keepalive, keepalive_timeout, keepalive_requests, keepalive_time).
 * Real systems: nginx keeps its 32 per worker for all servers of an upstream together; here it is per backend, as in HAProxy (pool-max-conn) and
 * Envoy. HAProxy purges half of what is idle every 5 s (pool-purge-delay) in place of a timeout for each.
 */
export class ConnectionPool {
  /** Connections that carry a request. */
  busy = 0;
  /** The one used last at the end. */
  private idle: Connection[] = [];
  private readonly settings: ConnectionSettings;
  private readonly handshakeUs: () => number;

  /** `handshakeUs`: how long it takes to open one ahead. */
  constructor(settings: ConnectionSettings, handshakeUs: () => number, nowUs: number) {
    this.settings = settings;
    this.handshakeUs = handshakeUs;
    for (let opened = 0; opened < settings.min; opened++) this.idle.push(fresh(nowUs));
  }

  /** An idle connection, as far as the balancer knows; undefined: a new one has to be opened. */
  take(nowUs: number): Connection | undefined {
    this.purge(nowUs);
    const connection = this.idle.at(-1);
    // Opened ahead, and not there yet.
    if (connection === undefined || connection.openedUs > nowUs) return undefined;
    this.idle.pop();
    this.busy++;
    return connection;
  }

  open(nowUs: number): Connection {
    this.busy++;
    return fresh(nowUs);
  }

  /**
   * The connection's request is over. `isUsable`: with a whole answer, so that it may carry another one. The backend, which closes idle connections itself, will close this one at
   * `closesUs`, and the balancer hears of it at `hearsUs`.
   */
  giveBack(connection: Connection, isUsable: boolean, nowUs: number, closesUs: number, hearsUs: number): void {
    this.busy--;
    connection.requests++;
    if (!isUsable || connection.requests >= this.settings.maxRequests) return;
    connection.idleSinceUs = nowUs;
    connection.closesUs = closesUs;
    connection.hearsUs = hearsUs;
    this.idle.push(connection);
    // The one that was idle the longest goes.
    if (this.idle.length > this.settings.idle && this.idle.length > this.settings.min) this.idle.shift();
  }

  /** All that are idle are gone, as when the backend crashes. */
  clear(): void {
    this.idle = [];
  }

  /** Connections that are open and carry nothing. */
  idleAt(nowUs: number): number {
    this.purge(nowUs);
    return this.idle.filter(({ openedUs }) => openedUs <= nowUs).length;
  }

  private purge(nowUs: number): void {
    const { idleTimeoutUs, lifetimeUs, min } = this.settings;
    let open = this.busy + this.idle.length;
    const ended = (connection: Connection) => Math.min(connection.hearsUs, connection.openedUs + lifetimeUs);
    if (!this.idle.some((each) => ended(each) <= nowUs || each.idleSinceUs + idleTimeoutUs <= nowUs)) return;
    const coming: Connection[] = [];
    this.idle = this.idle.filter((connection) => {
      const isIdleTooLong = connection.idleSinceUs + idleTimeoutUs <= nowUs && open > min;
      if (!isIdleTooLong && ended(connection) > nowUs) return true;
      open--;
      if (open < min) {
        open++;
        coming.push(fresh(ended(connection) + this.handshakeUs()));
      }
      return false;
    });
    this.idle.unshift(...coming);
  }
}

/** A connection that nothing was sent on yet. */
function fresh(openedUs: number): Connection {
  return { openedUs, requests: 0, idleSinceUs: openedUs, closesUs: Infinity, hearsUs: Infinity };
}
