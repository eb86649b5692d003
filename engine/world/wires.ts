import type { Clock } from '../balancer/context.ts';
import { sampler } from '../core/distributions.ts';
import type { Rng } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import type { EventQueue } from './event-queue.ts';
import type { Line } from './network.ts';
import { PLAN } from './plan.ts';
import type { Link } from './scenario-network.ts';

/** A message that did not come through. */
export const LOST = -1;

/** What a party goes by: for example "backends", "backend:s1", "zone:a". */
export type Names = readonly string[];

/** A message that is sent again until it comes through. */
export interface Message {
  readonly from: Names;
  readonly to: Names;
  readonly bytes: number;
  /** Does anybody still want it to arrive? */
  isWanted(): boolean;
  /** It is under way, and takes so long beyond the network's own time. */
  sent(extraUs: number): void;
  /** The sender's machine has given up. */
  failed(): void;
}

/** One direction of a link: when it has sent what is before the next message. */
interface Direction {
  freeUs: number;
}

interface Laid {
  readonly link: Link;
  readonly latency: (() => number) | undefined;
  readonly there: Direction;
  readonly back: Direction;
}

interface Waiting {
  readonly message: Message;
  readonly tries: number;
}

/** TCP's first retransmission timeout (RFC 6298), which doubles each time, and how often it sends again (Linux: tcp_syn_retries). */
const FIRST_RTO_US = 1_000_000;
const RETRIES = 6;

/**
 * The links that a scenario or its timeline lays between parties, over the lines that all have in common. Without any they cost nothing.
 *
 * A link's bandwidth is shared by all that goes over it: messages leave one after the other, in the order in which they are sent. Real links mix the
 * packets of several connections, so there a short message waits less behind a long one, but the last byte of all leaves at the same time; and
 * what is to be seen is a link that is full, not who is first. A message is lost or not as a whole.
 */
export class Wires {
  /** Is anything laid, or has anything been? */
  isActive = false;
  private readonly clock: Clock;
  private readonly agenda: EventQueue;
  private readonly rng: Prng;
  private readonly losses: Rng;
  private readonly lines: Line[] = [];
  private laid: Laid[] = [];
  /** So many of them are the scenario's own. */
  private readonly fixed: number;
  private readonly waiting = new Map<number, Waiting>();
  private sent = 0;

  constructor(links: readonly Link[], clock: Clock, agenda: EventQueue, rng: Prng) {
    this.clock = clock;
    this.agenda = agenda;
    this.rng = rng.fork('links');
    this.losses = this.rng.fork('losses');
    this.fixed = links.length;
    for (const link of links) this.lay(link);
  }

  /** A line that messages take: one without length costs events, too, as soon as anything is laid. */
  meet(line: Line): Line {
    this.lines.push(line);
    if (this.isActive) line.isInstant = false;
    return line;
  }

  lay(link: Link): void {
    const latency = link.latency && sampler(link.latency, this.rng.fork(`latency:${this.laid.length}`));
    this.laid.push({ link, latency, there: { freeUs: 0 }, back: { freeUs: 0 } });
    this.isActive = true;
    for (const line of this.lines) line.isInstant = false;
  }

  /** Takes away what was laid between the two since the beginning. */
  heal([from, to]: readonly [string, string]): void {
    this.laid = this.laid.filter(
      ({ link }, at) => at < this.fixed || link.between[0] !== from || link.between[1] !== to,
    );
  }

  /** How long a message takes beyond the network's own time, or LOST. */
  extraUs(from: Names, to: Names, bytes: number): number {
    let extraUs = 0;
    for (const { link, latency, there, back } of this.laid) {
      const goes = from.includes(link.between[0]) && to.includes(link.between[1]);
      const comes = !link.oneWay && from.includes(link.between[1]) && to.includes(link.between[0]);
      if (!goes && !comes) continue;
      if (link.loss > 0 && this.losses.float() < link.loss) return LOST;
      if (latency !== undefined) extraUs += latency();
      if (link.bandwidthBps !== undefined) extraUs += this.transferUs(goes ? there : back, bytes, link.bandwidthBps);
    }
    return extraUs;
  }

  send(message: Message): void {
    this.try({ message, tries: 0 });
  }

  /** It is time to send it again. */
  sendAgain(number: number): void {
    const waiting = this.waiting.get(number)!;
    this.waiting.delete(number);
    this.try(waiting);
  }

  private try({ message, tries }: Waiting): void {
    if (!message.isWanted()) return;
    if (tries > RETRIES) {
      message.failed();
      return;
    }
    const extraUs = this.extraUs(message.from, message.to, message.bytes);
    if (extraUs !== LOST) message.sent(extraUs);
    else {
      const number = ++this.sent;
      this.waiting.set(number, { message, tries: tries + 1 });
      this.agenda.push(this.clock.nowUs + FIRST_RTO_US * (1 << tries), PLAN.sendAgain, number, 0);
    }
  }

  private transferUs(direction: Direction, bytes: number, bandwidthBps: number): number {
    const { nowUs } = this.clock;
    const lastsUs = Math.round((8_000_000 * bytes) / bandwidthBps);
    direction.freeUs = Math.max(nowUs, direction.freeUs) + lastsUs;
    return direction.freeUs - nowUs;
  }
}
