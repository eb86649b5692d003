import { FAILURE } from '../metrics/event-kind.ts';
import { LEG } from './frame.ts';
import { OPEN } from './in-flight.ts';
import type { RequestWorld } from './request-world.ts';
import { LOST } from './wires.ts';

/** Carries requests and answers as messages over the lines of one balancer, and over the links that are laid on them. */
export class Messages {
  private readonly around: RequestWorld;
  private readonly fail: (row: number) => void;

  /** `fail` ends the attempt of a row whose message never came through. */
  constructor(around: RequestWorld, fail: (row: number) => void) {
    this.around = around;
    this.fail = fail;
  }

  /** Puts the row on a leg of its way; `event` follows when it has arrived there. */
  travel(row: number, leg: number, lastsUs: number, event: number): void {
    if (this.around.wires.isActive) this.sendOverLinks(row, leg, lastsUs, event);
    else this.put(row, leg, lastsUs, event);
  }

  private put(row: number, leg: number, lastsUs: number, event: number): void {
    const { rows, agenda, clock } = this.around;
    this.show(row, leg, lastsUs);
    agenda.push(clock.nowUs + lastsUs, event, row, rows.generation[row]!);
  }

  /** It is shown there only for who still waits for it. */
  private show(row: number, leg: number, lastsUs: number): void {
    const { rows, clock } = this.around;
    const waits = isBeyond(leg) ? OPEN.attempt : OPEN.client;
    if ((rows.open[row]! & waits) !== 0) rows.begin(row, leg, clock.nowUs, lastsUs);
  }

  private sendOverLinks(row: number, leg: number, lastsUs: number, event: number): void {
    const { rows, clients, kinds, servers, names, wires } = this.around;
    const generation = rows.generation[row];
    const isOutbound = leg === LEG.balancerToBackend || leg === LEG.balancerToClient;
    const isRequest = leg === LEG.clientToBalancer || leg === LEG.balancerToBackend;
    const far = isBeyond(leg) ? servers.names[rows.backend[row]!]! : clients[rows.client[row]!]!.names;
    const { bytes = 0, responseBytes } = kinds[rows.kind[row]!]!;
    if (clients[rows.client[row]!]!.isUdp) {
      const extraUs = wires.extraUs(
        isOutbound ? names : far,
        isOutbound ? far : names,
        isRequest ? bytes : responseBytes,
      );
      if (extraUs === LOST) this.lose(row, leg);
      else this.put(row, leg, lastsUs + extraUs, event);
      return;
    }
    // Until it is under way it stands at the beginning of its leg.
    this.show(row, leg, Infinity);
    wires.send({
      from: isOutbound ? names : far,
      to: isOutbound ? far : names,
      bytes: isRequest ? bytes : responseBytes,
      isWanted: () => rows.generation[row] === generation && this.isWanted(row, leg),
      sent: (extraUs) => {
        this.put(row, leg, lastsUs + extraUs, event);
      },
      failed: () => {
        this.giveUp(row, leg);
      },
    });
  }

  /** A datagram is gone, and nobody knows: whoever waits for it goes on waiting. */
  private lose(row: number, leg: number): void {
    const { clientSide, rows } = this.around;
    rows.leg[row] = 0;
    if (leg === LEG.clientToBalancer) clientSide.missAtDeadline(row);
    else if (isBeyond(leg)) rows.close(row, OPEN.beyond);
  }

  /** Whoever has closed a connection sends nothing again on it. */
  private isWanted(row: number, leg: number): boolean {
    const { rows } = this.around;
    if (!isBeyond(leg)) return (rows.open[row]! & OPEN.client) !== 0;
    if ((rows.open[row]! & OPEN.attempt) !== 0) return true;
    rows.close(row, OPEN.beyond);
    return false;
  }

  /** TCP has sent it again as often as it does. A request that never came to the balancer is counted now, or it would not be counted at all. */
  private giveUp(row: number, leg: number): void {
    const { clientSide } = this.around;
    if (isBeyond(leg)) {
      this.fail(row);
      return;
    }
    if (leg === LEG.clientToBalancer) clientSide.miss(row);
    else clientSide.fail(row, FAILURE.abandoned);
  }
}

/** Between balancer and backend? */
function isBeyond(leg: number): boolean {
  return leg === LEG.balancerToBackend || leg === LEG.backendToBalancer;
}
