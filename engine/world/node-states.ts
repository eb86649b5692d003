/** Of a node in an election; `none`: it takes no part in one. */
export const ROLE = { none: 0, initialize: 1, backup: 2, master: 3 } as const;

/** How the nodes of a tier really are, and the links between them. */
export class NodeStates {
  /** Nodes that belong to the tier now, in order: without spares and those that were removed. */
  inService: readonly number[];
  /** Codes of ROLE. */
  readonly roles: number[];
  private readonly machine: boolean[];
  private readonly proxy: boolean[];
  private readonly daemon: boolean[];
  private readonly draining: boolean[];
  /** Cut links, as `a * count + b` with a < b; and nodes that are cut off from everybody. */
  private readonly cut = new Set<number>();
  private readonly cutOff = new Set<number>();
  private readonly count: number;

  constructor(spares: readonly boolean[]) {
    this.count = spares.length;
    this.roles = spares.map(() => ROLE.none);
    this.machine = spares.map((spare) => !spare);
    this.proxy = spares.map(() => true);
    this.daemon = spares.map(() => true);
    this.draining = spares.map(() => false);
    this.inService = spares.flatMap((spare, node) => (spare ? [] : [node]));
  }

  get length(): number {
    return this.count;
  }

  /** Does the machine run? */
  isUp(node: number): boolean {
    return this.machine[node]!;
  }

  /** Does the balancer on it run? If only the machine does, connections are refused. */
  serves(node: number): boolean {
    return this.machine[node]! && this.proxy[node]!;
  }

  /** Do packets of clients get to the machine? */
  isReachable(node: number): boolean {
    return this.machine[node]! && !this.cutOff.has(node);
  }

  /** Do two nodes hear each other? */
  areLinked(a: number, b: number): boolean {
    return !this.cutOff.has(a) && !this.cutOff.has(b) && !this.cut.has(this.linkOf(a, b));
  }

  /** Does its election daemon run? */
  elects(node: number): boolean {
    return this.daemon[node]!;
  }

  setDaemon(node: number, runs: boolean): void {
    this.daemon[node] = runs;
  }

  /** Does it get no new connections, and keep those it has? */
  isDraining(node: number): boolean {
    return this.draining[node]!;
  }

  setDraining(node: number, drains: boolean): void {
    this.draining[node] = drains;
  }

  setMachine(node: number, runs: boolean): void {
    this.machine[node] = runs;
  }

  setProxy(node: number, runs: boolean): void {
    this.proxy[node] = runs;
  }

  setInService(node: number, isIn: boolean): void {
    const others = this.inService.filter((other) => other !== node);
    this.inService = isIn ? [...others, node].sort((a, b) => a - b) : others;
  }

  /** `other` undefined: the node's link to everybody, clients included. */
  setLink(node: number, other: number | undefined, works: boolean): void {
    const set = other === undefined ? this.cutOff : this.cut;
    const link = other === undefined ? node : this.linkOf(node, other);
    if (works) set.delete(link);
    else set.add(link);
  }

  private linkOf(a: number, b: number): number {
    return a < b ? a * this.count + b : b * this.count + a;
  }
}
