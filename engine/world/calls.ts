import type { Clock } from '../balancer/context.ts';
import { PolicyContext } from '../balancer/context.ts';
import type { Outcome, RetryPolicy } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import type { RequestView } from '../core/request.ts';
import type { Call } from './call.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import { CallLog } from '../metrics/call-log.ts';
import { SERVED as DONE } from '../metrics/request-log.ts';
import type { Client } from './clients.ts';
import { SERVED } from './in-flight.ts';
import { answerStatus, outcomeKind } from './replies.ts';

/** Whom the end of a call concerns: who sends the next one. */
export interface CallEnds {
  retry(call: Call, atUs: number): void;
  over(call: Call): void;
}

/** Calls of clients that wait, try again or log in: each is counted once, whatever it takes. */
export class Calls {
  readonly log = new CallLog();
  made = 0;
  served = 0;
  failed = 0;
  /** Requests that were sent for them. */
  attempts = 0;
  private readonly clock: Clock;
  private readonly clients: readonly Client[];
  private readonly policies: readonly (RetryPolicy | undefined)[];
  private readonly contexts: readonly PolicyContext[];
  private readonly isLayer4: boolean;
  private readonly tracing: boolean;
  /** Sessions that were asked for, of all clients: their numbers. */
  private sessions = 0;
  ends: CallEnds | undefined;

  /** `policies`: by client, whether and when it tries again. */
  constructor(
    clock: Clock,
    clients: readonly Client[],
    policies: readonly (RetryPolicy | undefined)[],
    isLayer4: boolean,
    tracing: boolean,
    rng: Prng,
  ) {
    this.clock = clock;
    this.clients = clients;
    this.policies = policies;
    this.contexts = clients.map(({ id }) => new PolicyContext(clock, rng.fork(`retries:${id}`)));
    this.isLayer4 = isLayer4;
    this.tracing = tracing;
  }

  /** A user wants something, and wanted it at `intendedUs`. */
  begin(client: number, user: number, intendedUs: number): Call {
    this.made++;
    const source = this.clients[client]!;
    const logsIn = source.sessionCookie !== undefined && source.sessionOf(user) === 0;
    const kind = logsIn ? source.loginKind : source.drawKind();
    const session = logsIn ? -++this.sessions : source.sessionOf(user);
    const row = this.tracing ? this.log.begin(client, intendedUs, this.clock.nowUs) : -1;
    return { client, user, kind, session, key: source.drawKey(kind), attempts: 0, view: undefined, row };
  }

  /** A request for it leaves. */
  sent(call: Call): void {
    call.attempts++;
    this.attempts++;
    if (this.tracing) this.log.attempt(call.row);
  }

  /** The request has its view. */
  seen(call: Call, view: RequestView): void {
    if (call.view !== undefined) return;
    call.view = view;
    this.policies[call.client]?.onRequest?.(view, this.contexts[call.client]!);
  }

  /** Its request ended: with SERVED or a FAILURE code, and the status of an error. */
  ended(call: Call, answer: number, status: number, latencyUs: number): void {
    const policy = this.policies[call.client];
    const context = this.contexts[call.client]!;
    if (answer !== SERVED) {
      const waitUs = policy?.onFailure(call.view!, call.attempts, this.outcomeOf(answer, status, latencyUs), context);
      if (waitUs !== undefined) {
        this.ends!.retry(call, this.clock.nowUs + waitUs);
        return;
      }
    }
    policy?.onAnswer?.(call.view!, answer === SERVED, context);
    this.followSession(call, answer, status);
    if (answer === SERVED) this.served++;
    else this.failed++;
    if (this.tracing) this.log.end(call.row, this.clock.nowUs, answer === SERVED ? DONE : answer);
    this.ends!.over(call);
  }

  private followSession({ client, user, session }: Call, answer: number, status: number): void {
    if (session < 0 && answer === SERVED) this.clients[client]!.loggedIn(user, -session);
    else if (session > 0 && answer !== SERVED && answerStatus(answer, status) === 401)
      this.clients[client]!.loggedOut(user);
  }

  /** What the client knows: its own timeout, or the status that the balancer answered; on layer 4 what became of the connection. */
  private outcomeOf(answer: number, status: number, latencyUs: number): Outcome {
    const knowsConnection = answer === FAILURE.abandoned || (this.isLayer4 && answer !== FAILURE.error);
    const kind = knowsConnection ? outcomeKind(answer) : 'served';
    return { kind, status: kind === 'served' ? answerStatus(answer, status) : 0, latencyUs, bytes: 0 };
  }
}
