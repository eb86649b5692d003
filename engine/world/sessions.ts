import { sampler } from '../core/distributions.ts';
import type { Rng } from '../core/policy.ts';
import type { SessionSettings } from './scenario-servers.ts';

/** What a server finds when it looks a session up. */
export const LOOKUP = { found: 0, unknown: 1, unreachable: 2 } as const;

/**
 * Who holds which session: one for each pool that has sessions. A request says with `InFlight.session` that it needs one, or begins one; a
 * backend that does not know the session it needs answers 401.
 *
 * A look-up and a login cost O(1), or O(backends) where they are copied; what is held is kept in the order of its last use, so that the oldest are
 * dropped from the front.
 */
export class Sessions {
  readonly settings: SessionSettings;
  /** What looking into the store takes; 0 where there is none. */
  private readonly latency: (() => number) | undefined;
  /** By server of the pool, what it holds; one for all where a store is shared. */
  private readonly held = new Map<number, Held>();
  private readonly shared: Held;
  private readonly members: number[] = [];
  private storeWorks = true;

  constructor(settings: SessionSettings, rng: Rng) {
    this.settings = settings;
    this.latency = settings.kept === 'external' ? sampler(settings.latency, rng) : undefined;
    this.shared = heldBy(settings);
  }

  /** The server belongs to the pool from now on. */
  join(server: number): void {
    this.members.push(server);
    this.held.set(server, heldBy(this.settings));
  }

  /** How long the server waits for the store, which it asks once for each request that has a session. */
  waitUs(): number {
    if (this.settings.kept !== 'external') return 0;
    return this.storeWorks ? this.latency!() : this.settings.timeoutUs;
  }

  /** The server served a login. */
  begin(session: number, server: number, nowUs: number): void {
    const { settings } = this;
    if (settings.kept === 'token') return;
    if (settings.kept === 'external') {
      if (this.storeWorks) this.shared.put(session, nowUs, nowUs);
      return;
    }
    this.held.get(server)!.put(session, nowUs, nowUs);
    if (settings.kept === 'replicated')
      for (const other of this.partnersOf(server, settings.copies)) {
        this.held.get(other)!.put(session, nowUs, nowUs + settings.lagUs);
      }
  }

  /** A code of LOOKUP. Finding a session is using it. */
  lookUp(session: number, server: number, nowUs: number): number {
    const { kept } = this.settings;
    if (kept === 'token') return LOOKUP.found;
    if (kept === 'external' && !this.storeWorks) return LOOKUP.unreachable;
    const held = kept === 'external' ? this.shared : this.held.get(server)!;
    return held.use(session, nowUs) ? LOOKUP.found : LOOKUP.unknown;
  }

  /** The server's memory is gone. Answers how many sessions it held. */
  lose(server: number): number {
    const held = this.held.get(server)!;
    const { size } = held;
    held.clear();
    return size;
  }

  /** The server is up again: where sessions are copied to all, it takes those that another holds. `isUp`: may that one be asked? */
  comeBack(server: number, isUp: (server: number) => boolean): void {
    const { settings } = this;
    if (settings.kept !== 'replicated' || settings.copies !== undefined) return;
    const other = this.members.find((member) => member !== server && isUp(member));
    if (other !== undefined) this.held.get(server)!.copy(this.held.get(other)!);
  }

  /** The store breaks or is mended. */
  setStore(works: boolean): void {
    this.storeWorks = works;
    if (!works && this.settings.kept === 'external' && !this.settings.persistent) this.shared.clear();
  }

  /** How many the server holds now, or the store. Those that have run out and were not missed yet count. */
  countAt(server: number): number {
    return (this.settings.kept === 'external' ? this.shared : this.held.get(server)!).size;
  }

  /** Those behind it in the order of joining. */
  private partnersOf(server: number, copies = this.members.length - 1): number[] {
    const at = this.members.indexOf(server);
    return [...this.members.slice(at + 1), ...this.members.slice(0, at)].slice(0, copies);
  }
}

/** When a session was used last, and from when on it can be. */
interface Entry {
  usedUs: number;
  readonly fromUs: number;
}

/** Sessions in the order of their last use. */
class Held {
  private readonly entries = new Map<number, Entry>();
  private readonly capacity: number;
  private readonly idleTimeoutUs: number;

  constructor(capacity: number, idleTimeoutUs: number) {
    this.capacity = capacity;
    this.idleTimeoutUs = idleTimeoutUs;
  }

  get size(): number {
    return this.entries.size;
  }

  put(session: number, nowUs: number, fromUs: number): void {
    const { entries } = this;
    this.expire(nowUs);
    entries.delete(session);
    entries.set(session, { usedUs: nowUs, fromUs });
    if (entries.size > this.capacity) entries.delete(entries.keys().next().value!);
  }

  use(session: number, nowUs: number): boolean {
    this.expire(nowUs);
    const entry = this.entries.get(session);
    if (entry === undefined || nowUs < entry.fromUs) return false;
    entry.usedUs = nowUs;
    this.entries.delete(session);
    this.entries.set(session, entry);
    return true;
  }

  clear(): void {
    this.entries.clear();
  }

  copy(from: Held): void {
    for (const [session, { usedUs, fromUs }] of from.entries) this.entries.set(session, { usedUs, fromUs });
  }

  private expire(nowUs: number): void {
    for (const [session, { usedUs }] of this.entries) {
      if (nowUs - usedUs <= this.idleTimeoutUs) return;
      this.entries.delete(session);
    }
  }
}

function heldBy(settings: SessionSettings): Held {
  if (settings.kept === 'token') return new Held(0, 0);
  return new Held(settings.capacity ?? Infinity, settings.idleTimeoutUs ?? Infinity);
}
