import { PolicyContext } from '../balancer/context.ts';
import { PolicyError } from '../balancer/policy-error.ts';
import { invariant } from '../core/invariant.ts';
import type { Advertisement, Elector } from '../core/policy.ts';
import { EVENT_KIND } from '../metrics/event-kind.ts';
import { NOBODY } from './entry.ts';
import type { Entry, EntryWorld } from './entry.ts';
import { ROLE } from './node-states.ts';
import type { Reach } from './scenario-tier.ts';

type VirtualIp = Extract<Reach, { kind: 'virtual-ip' }>;

/** From one node to another on their own network. */
const LINK_US = 100;

/**
 * One address for the tier, passed on by a VRRP group: each node runs an elector, hears the advertisements of the others, and whoever rules holds the address.
 *
 * The network sends packets to whoever announced the address last (gratuitous ARP). A master does so when it becomes one, and again when it hears another of
 * lower priority: that one may have announced it, too. (keepalived: garp_lower_prio_repeat.) If the one who announced it last gives it up in silence, packets
 * are lost until the network asks again. An election daemon that crashes leaves the address on its
 * machine, which goes on serving until another announces it.
 */
export function virtualIpEntry({ advertiseUs, loss, askAgainUs }: VirtualIp, world: EntryWorld): Entry {
  const { specs, states, policies, clock, alarms, rng, rerouted, report } = world;
  const stream = rng.fork('vrrp');
  const losses = stream.fork('losses');
  const contexts = specs.map(({ id }) => new PolicyContext(clock, stream.fork(`elector:${id}`)));
  const electors: (Elector | undefined)[] = specs.map(() => undefined);
  /** Who has the address on its machine. */
  const holds = specs.map(() => false);
  /** Who announced it last. */
  let announced = NOBODY;
  const timers = alarms.row(states.length, (node) => {
    step(node, undefined);
  });
  const post = alarms.row(1, deliver);
  /** The network asks who has the address, and the first that has it answers. */
  const asks = alarms.row(1, () => {
    const holding = holds.findIndex((does, node) => does && states.isReachable(node));
    if (holder() === NOBODY && holding >= 0) announce(holding);
  });
  const mail: {
    readonly from: number;
    readonly to: number;
    readonly atUs: number;
    readonly advertisement: Advertisement;
  }[] = [];

  function start(node: number): void {
    const make = policies?.electors?.get(specs[node]!.id);
    invariant(make !== undefined, `A node of a VRRP group needs an elector, and "${specs[node]!.id}" has none.`);
    electors[node] = make();
    hold(node, false);
    step(node, undefined);
  }

  function step(node: number, advertisement: Advertisement | undefined): void {
    const elector = electors[node];
    if (elector === undefined) return;
    const answer = elector.next(advertisement, contexts[node]!);
    const { role, advertise, timerUs } = answer;
    const isFirst = role === 'master' && !holds[node];
    if (!Object.hasOwn(ROLE, role) || !(timerUs >= 0)) throw new PolicyError('not-a-role', clock.nowUs, 0, answer);
    timers.set(node, clock.nowUs + Math.max(1, Math.ceil(timerUs)));
    if (states.roles[node] !== ROLE[role]) setRole(node, ROLE[role]);
    hold(node, role === 'master');
    // It has just taken over, or somebody it need not yield to rules as well.
    if (isFirst || (role === 'master' && advertisement !== undefined && advertise !== undefined)) announce(node);
    if (advertise !== undefined) send(node, advertise);
  }

  function hold(node: number, does: boolean): void {
    if (holds[node] === does) return;
    holds[node] = does;
    if (does || announced !== node) return;
    asks.set(0, clock.nowUs + askAgainUs);
    rerouted();
  }

  function announce(node: number): void {
    if (announced === node || !states.isReachable(node)) return;
    announced = node;
    report(EVENT_KIND.address, node, node);
    rerouted();
  }

  function setRole(node: number, role: number): void {
    states.roles[node] = role;
    report(EVENT_KIND.role, node, role);
  }

  function send(node: number, priority: number): void {
    const advertisement = { priority, address: node + 1, intervalUs: advertiseUs };
    for (let to = 0; to < states.length; to++) {
      if (to === node || electors[to] === undefined || !states.areLinked(node, to)) continue;
      if (loss > 0 && losses.float() < loss) continue;
      // One at a time on each way: electors that answer every advertisement with another would fill the world with them.
      if (mail.some((one) => one.from === node && one.to === to)) continue;
      mail.push({ from: node, to, atUs: clock.nowUs + LINK_US, advertisement });
    }
    if (mail.length > 0) post.set(0, mail[0]!.atUs);
  }

  function deliver(): void {
    while (mail.length > 0 && mail[0]!.atUs <= clock.nowUs) {
      const { to, advertisement } = mail.shift()!;
      step(to, advertisement);
    }
    if (mail.length > 0) post.set(0, mail[0]!.atUs);
  }

  /** The daemon of the node is no more. */
  function end(node: number): void {
    electors[node] = undefined;
    timers.cancel(node);
    setRole(node, ROLE.none);
  }

  function holder(): number {
    return announced !== NOBODY && holds[announced] ? announced : NOBODY;
  }

  for (const node of states.inService) start(node);
  return {
    addressFor: () => 0,
    nodeFor: holder,
    holder,
    changed(node) {
      const runs = states.isUp(node) && states.inService.includes(node);
      const isStop = states.isUp(node) && !states.inService.includes(node);
      if (runs && states.elects(node)) {
        if (electors[node] === undefined) start(node);
        rerouted();
        return;
      }
      if (electors[node] !== undefined) {
        if (isStop && states.roles[node] === ROLE.master) send(node, 0);
        end(node);
      }
      if (!runs) hold(node, false);
    },
  };
}
