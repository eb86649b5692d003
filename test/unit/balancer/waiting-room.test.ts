import { describe, expect, it } from 'vitest';
import { NO_BACKEND } from '../../../engine/balancer/pool.ts';
import { WaitingRoom } from '../../../engine/balancer/waiting-room.ts';

const open = { limit: Infinity, limitPerBackend: Infinity };

describe('a waiting room', () => {
  it('lets the older of the two that stand first go to a backend', () => {
    const room = new WaitingRoom(open);
    room.enter(1, NO_BACKEND, 0);
    room.enter(2, 7, 0);
    room.enter(3, NO_BACKEND, 0);
    expect(room.nextFor(7)).toEqual({ request: 1, isBound: false });
    room.leave(1);
    expect(room.nextFor(7)).toEqual({ request: 2, isBound: true });
    expect(room.nextFor(8)).toEqual({ request: 3, isBound: false });
  });

  it('has a bound for all and one for each backend', () => {
    const room = new WaitingRoom({ limit: 1, limitPerBackend: 1 });
    room.enter(1, 7, 0);
    expect([room.hasRoom(7), room.hasRoom(8), room.hasRoom(NO_BACKEND)]).toEqual([false, true, true]);
    room.enter(2, NO_BACKEND, 0);
    expect(room.hasRoom(NO_BACKEND)).toBe(false);
    room.leave(2);
    expect(room.hasRoom(NO_BACKEND)).toBe(true);
  });

  it('moves those bound to a backend that is out to where their age belongs', () => {
    const room = new WaitingRoom(open);
    room.enter(1, NO_BACKEND, 0);
    room.enter(2, 7, 0);
    room.enter(3, NO_BACKEND, 0);
    room.release(7);
    const order: number[] = [];
    for (let next = room.nextFor(8); next !== undefined; next = room.nextFor(8)) {
      order.push(next.request);
      room.leave(next.request);
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('knows who has left already', () => {
    const room = new WaitingRoom(open);
    room.enter(1, 7, 0);
    expect([room.leave(1), room.leave(1), room.length]).toEqual([true, false, 0]);
  });
});
