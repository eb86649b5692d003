import type { Clock } from '../balancer/context.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import type { Client } from './clients.ts';
import { EventQueue } from './event-queue.ts';

/** What is planned here; a queue of its own, so that departures come behind everything else of a microsecond. */
const LEAVE = {
  /** The next request of an open loop. Subject: the client; stamp: its epoch. */
  arrival: 0,
  /** A user of a closed loop sends. Subject: the client; stamp: the user. */
  user: 1,
  /** A client tries again. Subject: the number of the retry. */
  retry: 2,
} as const;

/** Sends a request of the client; with a call, for that. */
export type Send = (client: number, call: Call | undefined) => void;

/** When requests leave their clients: those of open loops by their arrivals, those of users who wait when they have their answers, and whatever is tried again. */
export class Departures {
  private readonly queue = new EventQueue();
  private readonly clock: Clock;
  private readonly clients: readonly Client[];
  private readonly calls: Calls;
  private readonly retries = new Map<number, Call>();
  private retried = 0;
  /** By client and user, when the turn that is planned was meant to be. */
  private readonly intendedUs: readonly Float64Array[];

  constructor(clock: Clock, clients: readonly Client[], calls: Calls) {
    this.clock = clock;
    this.clients = clients;
    this.calls = calls;
    calls.ends = this;
    this.intendedUs = clients.map(({ loop, users }) => new Float64Array(loop === undefined ? 0 : users.count));
    clients.forEach(({ loop, users }, client) => {
      if (loop === undefined) this.planArrival(client);
      else for (let user = 0; user < users.count; user++) this.planUser(client, user);
    });
  }

  /** Infinity: nothing leaves any more. */
  get nextUs(): number {
    return this.queue.nextUs;
  }

  /** Lets the next one leave. */
  next(send: Send): void {
    const { queue } = this;
    const kind = queue.nextKind;
    const subject = queue.nextSubject;
    const stamp = queue.nextStamp;
    queue.pop();
    if (kind === LEAVE.arrival) this.arrive(subject, stamp, send);
    else if (kind === LEAVE.user) send(subject, this.calls.begin(subject, stamp, this.intendedUs[subject]![stamp]!));
    else {
      const call = this.retries.get(subject)!;
      this.retries.delete(subject);
      send(call.client, call);
    }
  }

  setRate(client: number, rateRps: number): void {
    this.clients[client]!.setRate(rateRps, this.clock.nowUs);
    this.planArrival(client);
  }

  /** The client sends `factor` times as much as it would. */
  scaleRate(index: number, factor: number): void {
    const client = this.clients[index]!;
    client.scaleRate(factor, this.clock.nowUs);
    const atUs = client.plannedUs();
    if (atUs !== Infinity) this.queue.push(atUs, LEAVE.arrival, index, client.epoch);
  }

  retry(call: Call, atUs: number): void {
    const retry = this.retried++ % HIGHEST_SUBJECT;
    this.retries.set(retry, call);
    this.queue.push(atUs, LEAVE.retry, retry, 0);
  }

  /** The user has what was wanted, or has given up. */
  over({ client, user }: Call): void {
    if (this.clients[client]!.loop !== undefined) this.planUser(client, user);
  }

  private arrive(index: number, epoch: number, send: Send): void {
    const client = this.clients[index]!;
    if (epoch !== client.epoch) return;
    this.planArrival(index);
    send(index, client.hasCalls ? this.calls.begin(index, client.users.next(), this.clock.nowUs) : undefined);
  }

  private planArrival(client: number): void {
    const source = this.clients[client]!;
    const atUs = source.departureUs();
    if (atUs !== Infinity) this.queue.push(atUs, LEAVE.arrival, client, source.epoch);
  }

  private planUser(client: number, user: number): void {
    const { atUs, intendedUs } = this.clients[client]!.loop!.next(user, this.clock.nowUs);
    this.intendedUs[client]![user] = intendedUs;
    this.queue.push(atUs, LEAVE.user, client, user);
  }
}

/** Subjects are 32-bit; so many retries never wait at once. */
const HIGHEST_SUBJECT = 0x7fffffff;
