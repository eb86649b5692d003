import type { Policies } from '../core/policies.ts';
import type { AdmissionPolicy, Backend, Forward, Reply, Router, Wait } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import { rewrite } from '../core/request.ts';
import type { RequestView } from '../core/request.ts';
import { listenerTable } from '../traffic/listeners.ts';
import type { Listener } from '../traffic/listeners.ts';
import { PolicyContext } from './context.ts';
import type { Clock } from './context.ts';
import { PolicyError } from './policy-error.ts';

/** No route matches: a 404. */
export const NO_ROUTE = -2;
/** The balancer answers by itself, with `reply`. */
export const REPLIED = -3;
/** Over a limit: `reply` is a 429 with its Retry-After. */
export const LIMITED = -4;
/** Let in, but not yet: to be asked again after `waitUs`. */
export const DELAYED = -5;
/** Nobody listens on that port, or for that name: the connection is refused. */
export const NO_LISTENER = -6;

export interface FrontSettings {
  readonly layer: 4 | 7;
  readonly poolIds: readonly string[];
  /** None: one that listens to everything, on `layer`. */
  readonly listeners?: readonly Listener[];
}

const NOTHING: Reply = Object.freeze({ status: 0 });

/**
 * What stands before the pools: listener -> limits on all -> route -> limits of the route -> limits of the pool. It answers the index of a pool, or one of
 * the codes above.
 */
export class Front {
  /** What the last request that got none of the pools is answered. */
  reply: Reply = NOTHING;
  /** How long the last request that was DELAYED has to wait. */
  waitUs = 0;
  private readonly layer: 4 | 7;
  private readonly policies: Policies;
  private poolIds: readonly string[];
  private router: Router | undefined;
  private listenerFor: ((port: number, name: string) => Listener | undefined) | undefined;
  private readonly routerContext: PolicyContext;
  private readonly limitContext: PolicyContext;
  private readonly limitsOfPool: readonly (AdmissionPolicy | undefined)[];
  private readonly limitsBehindPick: readonly (AdmissionPolicy | undefined)[];
  private readonly hasLimits: boolean;
  /** Requests that wait, and the pool each goes to then. */
  private readonly waiting = new Map<RequestView, number>();
  /** Who let a request in and wants to hear of its end. Empty where nobody does. */
  private readonly listening = new Map<RequestView, AdmissionPolicy[]>();

  constructor(settings: FrontSettings, policies: Policies, clock: Clock, rng: Prng) {
    this.layer = settings.layer;
    this.policies = policies;
    this.poolIds = settings.poolIds;
    this.router = policies.router;
    this.listenerFor =
      settings.listeners && settings.listeners.length > 0 ? listenerTable(settings.listeners) : undefined;
    this.routerContext = new PolicyContext(clock, rng.fork('router'));
    this.limitContext = new PolicyContext(clock, rng.fork('limits'));
    this.limitsOfPool = settings.poolIds.map((id) => policies.pools.get(id)?.admission);
    this.limitsBehindPick = settings.poolIds.map((id) => policies.pools.get(id)?.backendAdmission);
    this.hasLimits =
      policies.admission !== undefined ||
      policies.routes !== undefined ||
      this.limitsOfPool.some((limits) => limits !== undefined);
  }

  /** From now on requests are routed so. Pools that limits were set for keep their places. */
  configure(poolIds: readonly string[], router: Router, listeners: readonly Listener[]): void {
    this.poolIds = poolIds;
    this.router = router;
    this.listenerFor = listenerTable(listeners);
  }

  /** On which layer a request is seen. */
  layerOf(request: RequestView): 4 | 7 {
    if (this.listenerFor === undefined) return this.layer;
    const protocol = this.listenerFor(request.port, request.host)?.protocol;
    return protocol === 'tcp' || protocol === 'udp' ? 4 : 7;
  }

  /** The index of the pool the request goes to, or a code. A request that was DELAYED is let through the second time. */
  pass(request: RequestView): number {
    if (this.waiting.size > 0) {
      const pool = this.waiting.get(request);
      if (pool !== undefined) {
        this.waiting.delete(request);
        return pool;
      }
    }
    const listener = this.listenerFor?.(request.port, request.host);
    if (this.listenerFor !== undefined && listener === undefined) return NO_LISTENER;
    return this.hasLimits ? this.limited(listener, request) : this.poolFor(listener, request);
  }

  /** Does a limit behind the pick let the request through to this backend? */
  allows(pool: number, backend: Backend, request: RequestView): boolean {
    const limits = this.limitsBehindPick[pool];
    return limits === undefined || this.ask(limits, request, backend) === 0;
  }

  /** A request was answered, by whomever: those who count what is under way hear of it. */
  answered(request: RequestView, status: number, latencyUs: number): void {
    if (this.listening.size === 0) return;
    for (const limits of this.listening.get(request) ?? []) {
      limits.onAnswer?.(request, status, latencyUs, this.limitContext);
    }
    this.listening.delete(request);
    this.waiting.delete(request);
  }

  private limited(listener: Listener | undefined, request: RequestView): number {
    const atDoor = this.ask(this.policies.admission, request);
    if (atDoor < 0) return LIMITED;
    const pool = this.poolFor(listener, request);
    if (pool < 0) return pool;
    const onRoute = this.ask(this.limitsOfRoute(), request);
    if (onRoute < 0) return LIMITED;
    const ofPool = this.ask(this.limitsOfPool[pool], request);
    if (ofPool < 0) return LIMITED;
    const waitUs = Math.max(atDoor, onRoute, ofPool);
    if (waitUs === 0) return pool;
    this.waitUs = waitUs;
    this.waiting.set(request, pool);
    return DELAYED;
  }

  /** How long to wait, or -1 for a refusal, whose reply is prepared. */
  private ask(limits: AdmissionPolicy | undefined, request: RequestView, backend?: Backend): number {
    if (limits === undefined) return 0;
    const answer: number | Wait | undefined = limits.admit(request, this.limitContext, backend);
    if (typeof answer === 'number') {
      this.reply = tooMany(answer);
      return -1;
    }
    if (limits.onAnswer !== undefined) this.listen(request, limits);
    return answer?.waitUs ?? 0;
  }

  private listen(request: RequestView, limits: AdmissionPolicy): void {
    const there = this.listening.get(request);
    if (there === undefined) this.listening.set(request, [limits]);
    else there.push(limits);
  }

  /** The route of the last request, where it has limits of its own. */
  private lastRoute: string | undefined;

  private limitsOfRoute(): AdmissionPolicy | undefined {
    return this.lastRoute === undefined ? undefined : this.policies.routes?.get(this.lastRoute);
  }

  private poolFor(listener: Listener | undefined, request: RequestView): number {
    this.lastRoute = undefined;
    const isLayer4 =
      listener === undefined ? this.layer === 4 : listener.protocol === 'tcp' || listener.protocol === 'udp';
    const fallback = listener?.pool;
    if (isLayer4) return fallback === undefined ? 0 : this.indexOf(fallback, request);
    const { router } = this;
    if (router === undefined) return fallback === undefined ? 0 : this.indexOf(fallback, request);
    const answer = router.route(request, this.routerContext) ?? fallback;
    if (answer === undefined) return NO_ROUTE;
    if (typeof answer === 'string') return this.indexOf(answer, request);
    return 'pool' in answer ? this.forward(answer, request) : this.replied(answer);
  }

  private forward(answer: Forward, request: RequestView): number {
    const { host, path, headers } = answer;
    if (host !== undefined || path !== undefined || headers !== undefined) {
      rewrite(request, {
        ...(host !== undefined && { host }),
        ...(path !== undefined && { path }),
        ...(headers && { headers }),
      });
    }
    this.lastRoute = answer.route;
    return this.indexOf(answer.pool, request);
  }

  private replied(reply: Reply): number {
    this.reply = reply;
    return REPLIED;
  }

  private indexOf(id: string, request: RequestView): number {
    const index = this.poolIds.indexOf(id);
    if (index < 0) throw new PolicyError('no-such-pool', this.routerContext.nowUs, request.id, id);
    return index;
  }
}

/** Retry-After is in whole seconds (RFC 9110, section 10.2.3); who would have to wait for ever is told an hour. */
function tooMany(retryAfterUs: number): Reply {
  return {
    status: 429,
    headers: { 'retry-after': String(Math.max(1, Math.min(3_600, Math.ceil(retryAfterUs / 1_000_000)))) },
  };
}
