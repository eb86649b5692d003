import type { Context } from '../core/policy.ts';
import type { RequestView } from '../core/request.ts';
import { EligibleList } from './eligible-list.ts';
import { LocalityTurns, localityWeight, zoneFor, zoneSplit } from './localities.ts';
import type { ZoneSplit } from './localities.ts';
import { levelFor, loadsOf } from './priority-levels.ts';
import type { LevelLoads } from './priority-levels.ts';
import type { Count, Member } from './roster.ts';

/** How requests are shared among the zones of a level. */
export type LocalitySettings =
  | { readonly kind: 'weighted'; readonly weights: Readonly<Record<string, number>> }
  | {
      readonly kind: 'zone-aware';
      /** The balancer's own zone. */
      readonly zone: string;
      /** How many balancers there are in each zone. */
      readonly balancers: Readonly<Record<string, number>>;
      /** With fewer healthy backends zones are not looked at. Envoy: 6. */
      readonly minimumHosts: number;
    };

export interface TierSettings {
  /** A level of which 1 in this many is healthy still takes all its load. Envoy: 1.4. */
  readonly overprovisioning: number;
  /** With a smaller share of a level healthy its requests go to all its backends; 0: never. Envoy: 0.5. */
  readonly panicThreshold: number;
  /** The same below this number of healthy backends; 0: never. ALB: 1. */
  readonly failOpenBelow: number;
  /**
   * What serves when no other backend is healthy: the first healthy backup (HAProxy) or all of them (HAProxy `allbackups`). `spill`: all of them,
   * and also for a request that the others are too full for, or have all failed (nginx).
   */
  readonly backups: 'first' | 'all' | 'spill';
  readonly locality?: LocalitySettings | undefined;
}

/** Makes a list with a picker of its own where there is a factory, else with the pool's one picker. `name` tells them apart. */
export type MakeList = (name: string) => EligibleList;

interface Zone extends Count {
  readonly name: string;
  readonly list: EligibleList;
}

interface Level extends Count {
  readonly priority: number;
  readonly fit: EligibleList;
  /** Whatever their health. */
  readonly all: EligibleList;
  readonly zones: Zone[];
  panics: boolean;
  turns: LocalityTurns | undefined;
  split: ZoneSplit | undefined;
}

/** Seeds of locality turns are drawn below this (Envoy: the bound of its simulated earlier picks). */
const SEEDS = 429_496_729;

/**
 * Which list of backends a request is picked from, in a pool of several priority levels, with backups, zones, or a threshold of panic. Each list has a picker of
 * its own, so that a picker sees one flat list and none of this. (DECISIONS.md, 45)
 *
 * Lists and counts are kept up by the pool, member by member; what follows from the counts is worked out once after a change, O(levels + zones).
 */
export class Tiers {
  private readonly settings: TierSettings;
  private readonly make: MakeList;
  private readonly context: Context;
  /** In the order of priority. */
  private readonly levels: Level[] = [];
  private backup: Level | undefined;
  private firstBackup: EligibleList | undefined;
  private stale = true;
  private loads: LevelLoads | undefined;

  constructor(settings: TierSettings, make: MakeList, context: Context) {
    this.settings = settings;
    this.make = make;
    this.context = context;
  }

  /** Gives a member its seats. */
  join(member: Member): void {
    const { priority = 0, backup = false } = member.role;
    const level = backup ? (this.backup ??= this.newLevel(Infinity, 'backup')) : this.levelOf(priority);
    member.counts.push(level);
    member.seats.push({ list: level.fit, health: true, taken: false });
    if (this.mayFailOpen && !backup) member.seats.push({ list: level.all, health: false, taken: false });
    if (this.settings.locality !== undefined && !backup) {
      const zone = this.zoneOf(level, member.view.zone);
      member.counts.push(zone);
      member.seats.push({ list: zone.list, health: true, taken: false });
    }
    this.stale = true;
  }

  /** Somebody's health, or the number of hosts, changed. */
  touch(): void {
    this.stale = true;
  }

  choose(request: RequestView): EligibleList {
    if (this.stale) this.settle();
    if (this.backup !== undefined && this.backup.healthy > 0 && !this.primariesServe(request))
      return this.backups(this.backup);
    const level = this.level();
    if (level.panics) return level.all;
    const zone = level.split !== undefined ? this.fairZone(level, level.split) : level.turns?.next();
    const list = zone === undefined || zone < 0 ? level.fit : level.zones[zone]!.list;
    // All of the zone may be full.
    return list.views.length === 0 ? level.fit : list;
  }

  private level(): Level {
    const { levels, loads } = this;
    if (levels.length === 1) return levels[0]!;
    return levels[levelFor(loads!, this.context.rng.int(100)).level]!;
  }

  private fairZone(level: Level, split: ZoneSplit): number {
    const { locality } = this.settings;
    const own = level.zones.findIndex(({ name }) => locality?.kind === 'zone-aware' && name === locality.zone);
    return zoneFor(split, own, (bound) => this.context.rng.int(bound));
  }

  private primariesServe(request: RequestView): boolean {
    if (this.settings.backups !== 'spill') return this.levels.some(({ healthy }) => healthy > 0);
    const { tried } = request;
    return this.levels.some(({ fit }) => fit.views.some((view) => tried.length === 0 || !tried.includes(view)));
  }

  private backups(backup: Level): EligibleList {
    if (this.settings.backups !== 'first') return backup.fit;
    this.firstBackup ??= new EligibleList(backup.fit.desk);
    this.firstBackup.showOnly(backup.fit.views[0]);
    return this.firstBackup;
  }

  /** Works out what follows from the counts. */
  private settle(): void {
    const { overprovisioning, panicThreshold, failOpenBelow } = this.settings;
    this.stale = false;
    if (this.levels.length === 0) this.levelOf(0);
    this.loads = loadsOf(this.levels, Math.round(100 * overprovisioning), Math.round(100 * panicThreshold));
    this.levels.forEach((level, index) => {
      level.panics = this.loads!.panic[index]! || level.healthy < failOpenBelow;
      this.settleZones(level, index);
    });
  }

  private settleZones(level: Level, index: number): void {
    const { locality, overprovisioning } = this.settings;
    const { zones } = level;
    level.turns = undefined;
    level.split = undefined;
    if (locality?.kind === 'weighted') {
      const weights = zones.map(({ name, healthy, hosts }) =>
        localityWeight(locality.weights[name] ?? 1, healthy, hosts, overprovisioning),
      );
      level.turns = new LocalityTurns(weights, this.context.rng.int(SEEDS));
    } else if (locality?.kind === 'zone-aware' && index === 0) {
      const own = zones.findIndex(({ name }) => name === locality.zone);
      if (own < 0 || zones[own]!.healthy === 0 || level.healthy < locality.minimumHosts) return;
      const balancers = zones.map(({ name }) => locality.balancers[name] ?? 0);
      const healthy = zones.map((zone) => zone.healthy);
      level.split = zoneSplit(balancers, healthy, own);
    }
  }

  private get mayFailOpen(): boolean {
    return this.settings.panicThreshold > 0 || this.settings.failOpenBelow > 0;
  }

  private levelOf(priority: number): Level {
    const there = this.levels.find((level) => level.priority === priority);
    if (there !== undefined) return there;
    const level = this.newLevel(priority, `level ${priority}`);
    const { locality } = this.settings;
    if (locality?.kind === 'zone-aware') for (const zone of Object.keys(locality.balancers)) this.zoneOf(level, zone);
    this.levels.push(level);
    this.levels.sort((one, other) => one.priority - other.priority);
    return level;
  }

  private newLevel(priority: number, name: string): Level {
    return {
      priority,
      hosts: 0,
      healthy: 0,
      fit: this.make(name),
      all: this.make(`${name}, all`),
      zones: [],
      panics: false,
      turns: undefined,
      split: undefined,
    };
  }

  private zoneOf(level: Level, name: string): Zone {
    const there = level.zones.find((zone) => zone.name === name);
    if (there !== undefined) return there;
    const zone = { name, hosts: 0, healthy: 0, list: this.make(`level ${level.priority}, zone ${name}`) };
    level.zones.push(zone);
    return zone;
  }
}
