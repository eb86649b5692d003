import { breachAt, costPerDecisionBelow } from 'ballast';
import type { Check, Flow, FlowTable, Report, Scenario, SeenCall, Told } from 'ballast';

/** A packet and its answer. Each balancer has views of its own of the backends, so they are told apart by their ids. */
interface Seen {
  readonly decision: number;
  readonly atUs: number;
  readonly node: string;
  readonly flow: Flow;
  readonly opening: boolean;
  readonly backends: readonly string[];
  readonly answer: string | undefined;
}

export const checks: readonly Check[] = [
  {
    watch(scenario, report) {
      const tier = new Tier(scenario, report);
      return {
        on: {
          flows: {
            lookup: (seen) => tier.packet(seenOf(seen)),
            close: ({ node, args: [flow] }) => tier.close(node, nameOf(flow)),
          },
        },
        end: () => tier.end(),
      };
    },
  },
  // A bid of each backend costs a hash of a score of letters at most. A walk through a table of 1,000 flows, or a ring built for each packet, is far beyond.
  costPerDecisionBelow({ steps: 100, perBackend: 25 }),
];

/**
 * A table may be split, to keep flows that only opened apart from those that went on, or be an approximation of "quiet for the longest". So a flow must be known as long as fewer packets than a quarter of the
 * limit have come since its last one: whatever the split, it has that much room.
 */
const SURE_ROOM = 1 / 4;

/**
 * Of flows that a balancer takes over after a change of the backends, half at most may move. Rendezvous and a ring move none when a backend leaves, a small Maglev table some
 * 10 %, and each of them a newcomer's share when one joins, a seventh here; mod N moves six of seven. Of 60 flows a tenth and six sevenths lie on the wrong side of a half less than once in a billion (Chernoff).
 */
const MOST_MOVED = 1 / 2;
const FEWEST_TAKEN_OVER = 60;

/**
 * When newcomers have joined, flows that are not remembered belong to one of them with the chance of their share, a half here. Seven tenths of that must move, which a lopsided hash does, too. A
 * table that forgets nothing moves none at all; one of twice the size moves few where there are little more than twice as many flows as the limit. Judged from twice the limit on.
 */
const FEWEST_FORGOTTEN = 0.7;
const OVERFULL = 2;

/** Nobody gets 2.5 times its share, judged when 60 flows a backend have opened: a ring of 20 points a backend stays below 2, and 60 more than make 150 by chance less than once in 10^15. */
const LOPSIDED = 2.5;
const FEWEST_OPENED = 60;

/** What one balancer can know of a flow. */
interface Here {
  home: string;
  /** A packet that does not open it has come. */
  goesOn: boolean;
  /** Packets that this balancer had handled when its last one came. */
  at: number;
}

/** Where a flow is, and in which list of backends it opened. */
interface Opened {
  home: string;
  list: number;
  node: string;
}

/** One balancer, until its machine dies. */
class Node {
  packets = 0;
  readonly flows = new Map<string, Here>();
  /** Flows that went on before the list grew and have not been asked for since; those that were; those of them that moved. */
  before = new Map<string, string>();
  asked = 0;
  moved = 0;
}

/** What all balancers together have been asked and have answered. */
class Tier {
  private readonly report: Report;
  private readonly limit: number;
  private readonly deaths: { readonly node: string; readonly atUs: number }[];
  private readonly nodes = new Map<string, Node>();
  private readonly flows = new Map<string, Opened>();
  private backends: readonly string[] = [];
  /** Counts the lists of backends. */
  private list = 0;
  private newcomers = 0;
  private readonly opened = new Map<string, number>();
  private takenOver = 0;
  private readonly movedOver: { readonly decision: number; readonly atUs: number }[] = [];
  private last = { decision: 0, atUs: 0 };

  constructor({ tier, timeline }: Scenario, report: Report) {
    this.report = report;
    this.limit = Number(tier?.flowTable?.options['limit']);
    this.deaths = timeline.flatMap((action) =>
      action.do === 'kill-balancer' ? [{ node: action.balancer, atUs: action.atUs }] : [],
    );
  }

  packet(seen: Seen): void {
    const { flow, opening, backends } = seen;
    this.last = { decision: seen.decision, atUs: seen.atUs };
    if (!isSame(this.backends, backends)) this.change(backends);
    const node = this.nodeAt(seen);
    node.packets += 1;
    const name = nameOf(flow);
    const told = opening ? this.opens(seen, name) : this.goesOn(seen, name, node);
    if (told !== undefined) this.report(breachAt(seen, told));
    this.note(seen, name, node);
  }

  close(node: string, name: string): void {
    this.flows.delete(name);
    this.nodes.get(node)?.flows.delete(name);
    this.nodes.get(node)?.before.delete(name);
  }

  end(): void {
    this.change([]);
    const first = this.movedOver[0];
    if (first === undefined || this.takenOver < FEWEST_TAKEN_OVER) return;
    if (this.movedOver.length <= MOST_MOVED * this.takenOver) return;
    this.report(
      breachAt(first, {
        title: 'a change of the backends moves too many flows',
        chose: `${this.movedOver.length} of ${this.takenOver} flows that another balancer took over moved, though their backends were still there`,
        better: 'few of them: a consistent hash moves only flows of who left, or to who came',
      }),
    );
  }

  /** A machine that has died has lost its table. */
  private nodeAt({ node, atUs }: Seen): Node {
    while (this.deaths[0] !== undefined && this.deaths[0].atUs <= atUs) this.nodes.delete(this.deaths.shift()!.node);
    let found = this.nodes.get(node);
    if (found === undefined) this.nodes.set(node, (found = new Node()));
    return found;
  }

  private opens({ flow, backends, answer }: Seen, name: string): Told | undefined {
    this.flows.delete(name);
    if (answer !== undefined) {
      this.opened.set(answer, (this.opened.get(answer) ?? 0) + 1);
      return undefined;
    }
    return {
      title: 'a packet that opens a flow is dropped',
      chose: `nobody for ${text(flow)}`,
      better: `one of the ${backends.length} backends`,
    };
  }

  private goesOn(seen: Seen, name: string, node: Node): Told | undefined {
    const { answer, backends } = seen;
    const here = node.flows.get(name);
    const opened = this.flows.get(name);
    if (node.before.delete(name) && here !== undefined) {
      node.asked += 1;
      if (answer !== here.home) node.moved += 1;
    }
    if (opened === undefined || !backends.includes(opened.home)) return undefined;
    const moves = answer !== opened.home;
    if (here === undefined && opened.list !== this.list) {
      this.takenOver += 1;
      if (moves) this.movedOver.push({ decision: seen.decision, atUs: seen.atUs });
    }
    return moves ? this.moveProblem(seen, node, opened, here) : undefined;
  }

  /** A flow is led elsewhere although its backend is there. Undefined: nobody could have known better. */
  private moveProblem(seen: Seen, { packets }: Node, opened: Opened, here: Here | undefined): Told | undefined {
    const { answer, flow } = seen;
    const { home, node } = opened;
    const chose = `${seen.node} leads ${text(flow)} to ${answer ?? 'nobody (dropped)'}`;
    const backends = { better: home, ...(answer && { chose: answer }) };
    const title =
      answer === undefined
        ? 'an established flow is dropped'
        : node === seen.node
          ? 'an established flow is moved'
          : 'two balancers disagree about a flow';
    if (opened.list === this.list) {
      const who = node === seen.node ? '' : `, where ${node} led it`;
      return { title, chose, better: `${home}${who}: the backends are the same as when it opened`, backends };
    }
    if (here?.goesOn !== true || here.home !== home || packets - here.at > this.limit * SURE_ROOM) return undefined;
    const since = `${packets - here.at - 1} packets of others have come since its last one, and there is room for ${this.limit} flows`;
    return { title, chose, better: `${home}, which has its connection and is still there: ${since}`, backends };
  }

  private note({ opening, node: id, answer }: Seen, name: string, node: Node): void {
    if (answer === undefined) return;
    node.flows.set(name, { home: answer, goesOn: !opening, at: node.packets });
    const known = this.flows.get(name);
    if (known === undefined) this.flows.set(name, { home: answer, list: this.list, node: id });
    else this.flows.set(name, { ...known, home: answer, node: id });
  }

  /** Other backends than before: what the old list has shown is judged. */
  private change(backends: readonly string[]): void {
    this.judgeSpread();
    for (const [id, node] of this.nodes) this.judgeForgotten(id, node);
    const added = backends.filter((backend) => !this.backends.includes(backend)).length;
    this.newcomers = this.backends.length === 0 ? 0 : added / backends.length;
    this.backends = backends.slice();
    this.list += 1;
    for (const node of this.nodes.values()) {
      const going = [...node.flows].filter(([, { home, goesOn }]) => goesOn && backends.includes(home));
      node.before = new Map(this.newcomers > 0 ? going.map(([name, { home }]) => [name, home]) : []);
    }
  }

  private judgeSpread(): void {
    const { length } = this.backends;
    const all = [...this.opened.values()].reduce((sum, count) => sum + count, 0);
    for (const [backend, count] of this.opened) {
      if (all < FEWEST_OPENED * length || count * length <= LOPSIDED * all) continue;
      const chose = `${backend} got ${count} of ${all} new flows`;
      const better = `about ${Math.round(all / length)}, its share as one of ${length}`;
      this.report(
        breachAt(this.last, { title: 'flows are spread unevenly', chose, better, backends: { chose: backend } }),
      );
      break;
    }
    this.opened.clear();
  }

  private judgeForgotten(id: string, node: Node): void {
    const { asked, moved } = node;
    node.asked = node.moved = 0;
    const fewest = Math.floor((asked - this.limit) * this.newcomers * FEWEST_FORGOTTEN);
    if (asked < OVERFULL * this.limit || moved >= fewest) return;
    this.report(
      breachAt(this.last, {
        title: 'more flows are remembered than there is room for',
        chose: `${id} led ${asked - moved} of ${asked} flows where they had been, after ${Math.round(this.newcomers * this.backends.length)} backends had joined`,
        better: `it may remember ${this.limit}; of the others at least ${fewest} should have gone to a newcomer`,
        cost: () => 'A table without a bound is what a flood of packets fills, until the machine has no memory left.',
      }),
    );
  }
}

function seenOf({ decision, atUs, node, args, answer }: SeenCall<FlowTable['lookup']>): Seen {
  const [flow, opening, backends] = args;
  return { decision, atUs, node, flow, opening, backends: backends.map(({ id }) => id), answer: answer?.id };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((backend, at) => backend === b[at]);
}

function nameOf({ sourceAddress, sourcePort }: Flow): string {
  return `${sourceAddress}:${sourcePort}`;
}

function text({ sourceAddress, sourcePort }: Flow): string {
  return `${[24, 16, 8, 0].map((shift) => (sourceAddress >>> shift) & 0xff).join('.')}:${sourcePort}`;
}
