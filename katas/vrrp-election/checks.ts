import { breachAt, costPerDecisionBelow, oneMaster } from 'ballast';
import type { Advertisement, Check, Elector, Report, Scenario, SeenCall, Told } from 'ballast';

type Seen = SeenCall<Elector['next']>;

/** Rounding, and the way of an advertisement from one router to the next: 100 µs here. One priority more or less is 390 µs of skew at the shortest interval. */
const SLACK_US = 100;
const OWNER = 255;

export const checks: readonly Check[] = [
  // Of two masters the worse hears the better within an interval. Where the network keeps them apart, or loses what they say, both are in their right.
  {
    watch: (scenario, report) =>
      isWhole(scenario) ? oneMaster(intervalUs(scenario) + 1000).watch(scenario, report) : {},
  },
  { watch: (scenario, report) => everyRouter(scenario, (router, seen) => router.judge(seen, report)) },
  // A few calls of helpers at most: nothing here needs a loop.
  costPerDecisionBelow({ steps: 20 }),
];

/** Tells each router of its calls. A router that starts again has lost all it knew. */
function everyRouter(scenario: Scenario, tell: (router: Router, seen: Seen) => void): ReturnType<Check['watch']> {
  const routers = new Map<string, Router>();
  const starts = new Map<string, number[]>();
  for (const action of scenario.timeline) {
    if (action.do !== 'start-balancer') continue;
    starts.set(action.balancer, [...(starts.get(action.balancer) ?? []), action.atUs]);
  }
  return {
    on: {
      elector: {
        next(seen) {
          const [startUs = Infinity, ...later] = starts.get(seen.node) ?? [];
          if (seen.atUs >= startUs) {
            routers.delete(seen.node);
            starts.set(seen.node, later);
          }
          let router = routers.get(seen.node);
          if (router === undefined) routers.set(seen.node, (router = new Router(scenario, seen)));
          tell(router, seen);
        },
      },
    },
  };
}

/**
 * What RFC 9568, section 6.4, lets one router do after what it has heard. Wider than the RFC where a world comes to no harm: a preempting backup that hears a weaker master may act at
 * once, and a master may answer a weaker one, or not (RFC 5798 has it silent).
 */
class Router {
  private readonly names: readonly string[];
  private readonly priority: number;
  private readonly address: number;
  private readonly preempt: boolean;
  private readonly intervalUs: number;
  private readonly skewUs: number;
  private isMaster = false;
  /** A backup takes over between these two moments. */
  private earliestUs: number;
  private latestUs: number;
  /** Why then, in words. */
  private because = 'three intervals and its skew after its start';
  /** When it advertised last: for whatever reason, and because an interval was over. */
  private saidUs = 0;
  private turnUs = 0;

  constructor(scenario: Scenario, { node, atUs }: Seen) {
    const { nodes } = scenario.tier!;
    this.names = nodes.map(({ id }) => id);
    this.address = this.names.indexOf(node) + 1;
    this.priority = nodes[this.address - 1]!.priority;
    this.preempt = reachOf(scenario).preempt;
    this.intervalUs = intervalUs(scenario);
    this.skewUs = ((256 - this.priority) * this.intervalUs) / 256;
    this.earliestUs = this.latestUs = this.priority === OWNER ? atUs : atUs + this.downUs;
    if (this.priority === OWNER) this.because = 'at its start: it owns the address';
  }

  private get downUs(): number {
    return 3 * this.intervalUs + this.skewUs;
  }

  judge(seen: Seen, report: Report): void {
    const told = this.problemOf(seen);
    if (told !== undefined) report(breachAt(seen, told));
  }

  private problemOf(seen: Seen): Told | undefined {
    const [advertisement] = seen.args;
    const wasMaster = this.isMaster;
    this.isMaster = seen.answer.role === 'master';
    if (advertisement === undefined) return this.timeProblem(seen, wasMaster);
    if (wasMaster) return this.rivalProblem(seen, advertisement) ?? this.timeProblem(seen, true);
    this.hear(seen, advertisement);
    return this.timeProblem(seen, false);
  }

  /** A master has heard another. */
  private rivalProblem({ atUs, node }: Seen, { priority, address }: Advertisement): Told | undefined {
    const other = `${this.names[address - 1]!} (priority ${priority}, address ${address})`;
    const self = `${node} (priority ${this.priority}, address ${this.address})`;
    const isBetter = priority > this.priority || (priority === this.priority && address > this.address);
    if (isBetter) this.waits(atUs + this.downUs, `three intervals and its skew after it heard ${other}`);
    if (isBetter !== this.isMaster) return undefined;
    return isBetter
      ? {
          title: 'a master does not yield',
          chose: `${self} heard ${other} and stays master`,
          better: `${node} becomes a backup`,
        }
      : {
          title: 'a master yields to a weaker one',
          chose: `${self} heard ${other} and gives up`,
          better: `${node} stays master`,
        };
  }

  /** A backup has heard a master. */
  private hear({ atUs }: Seen, { priority, address }: Advertisement): void {
    const who = `${this.names[address - 1]!} (priority ${priority})`;
    if (priority === 0) this.waits(atUs + this.skewUs, `its skew after ${this.names[address - 1]!} resigned`);
    else if (!this.preempt || priority >= this.priority) {
      this.waits(atUs + this.downUs, `three intervals and its skew after it heard ${who}`);
    } else this.earliestUs = Math.min(this.earliestUs, atUs);
  }

  private waits(untilUs: number, because: string): void {
    this.earliestUs = this.latestUs = untilUs;
    this.because = because;
  }

  private timeProblem(seen: Seen, wasMaster: boolean): Told | undefined {
    if (!this.isMaster) return this.backupProblem(seen);
    return (wasMaster ? undefined : this.takeoverProblem(seen)) ?? this.masterProblem(seen, wasMaster);
  }

  private backupProblem({ atUs, node, answer: { advertise, timerUs } }: Seen): Told | undefined {
    if (advertise !== undefined) {
      const better = 'only the master advertises';
      return { title: 'a backup advertises', chose: `${node} is no master and advertises ${advertise}`, better };
    }
    if (atUs + timerUs <= this.latestUs + SLACK_US) return undefined;
    return {
      title: 'a backup takes over too late',
      chose: `${node} is no master and waits until ${seconds(atUs + timerUs)} if it hears nothing`,
      better: `it takes over at ${seconds(this.latestUs)}, ${this.because}`,
    };
  }

  private takeoverProblem({ atUs, node, answer: { advertise } }: Seen): Told | undefined {
    this.turnUs = -Infinity;
    if (atUs < this.earliestUs - SLACK_US) {
      return {
        title: 'a backup takes over too soon',
        chose: `${node} is master at ${seconds(atUs)}`,
        better: `it waits until ${seconds(this.earliestUs)}, ${this.because}`,
      };
    }
    if (advertise !== undefined) return undefined;
    return {
      title: 'a new master says nothing',
      chose: `${node} takes over and sends no advertisement`,
      better: `it advertises ${this.priority} at once, or the next backup takes over as well`,
    };
  }

  private masterProblem(seen: Seen, wasMaster: boolean): Told | undefined {
    const { atUs, node, args, answer } = seen;
    const { advertise, timerUs } = answer;
    if (advertise !== undefined && advertise !== this.priority) {
      const better = `its own, ${this.priority}`;
      return { title: 'a master advertises a wrong priority', chose: `${node} advertises ${advertise}`, better };
    }
    if (advertise !== undefined) {
      const sinceUs = atUs - this.turnUs;
      this.saidUs = atUs;
      if (args[0] === undefined || !wasMaster) this.turnUs = atUs;
      if (args[0] === undefined && sinceUs < this.intervalUs - SLACK_US) {
        const chose = `${node} advertises ${seconds(sinceUs)} after the last time`;
        return { title: 'a master advertises too often', chose, better: `once every ${seconds(this.intervalUs)}` };
      }
    }
    const nextUs = this.saidUs + this.intervalUs;
    if (atUs + timerUs <= nextUs + SLACK_US) return undefined;
    return {
      title: 'a master is silent for too long',
      chose: `${node} advertised at ${seconds(this.saidUs)}, and its timer runs until ${seconds(atUs + timerUs)}`,
      better: `its next advertisement is due at ${seconds(nextUs)}, an interval after the last`,
    };
  }
}

function reachOf(scenario: Scenario) {
  const reach = scenario.tier?.reach;
  if (reach?.kind !== 'virtual-ip') throw new Error(`${scenario.name}: the kata needs a tier with a virtual IP.`);
  return reach;
}

function intervalUs(scenario: Scenario): number {
  return reachOf(scenario).advertiseUs;
}

/** Does every router hear all others? */
function isWhole(scenario: Scenario): boolean {
  return reachOf(scenario).loss === 0 && scenario.timeline.every((action) => action.do !== 'cut-link');
}

/** To the millisecond, which tells one skew from the next. */
function seconds(us: number): string {
  return `${(us / 1_000_000).toFixed(3)} s`;
}
