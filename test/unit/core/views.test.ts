import { describe, expect, test } from 'vitest';
import { BackendView, setInFlight, setWeight, slotOf } from '../../../engine/core/backend.ts';
import { RequestView } from '../../../engine/core/request.ts';

describe('a backend as policies see it', () => {
  const view = () => new BackendView(4, 's4', 'b', 2);

  test('shows the count and the weight of the moment', () => {
    const backend = view();
    expect([backend.id, backend.weight, backend.inFlight, backend.zone]).toEqual(['s4', 2, 0, 'b']);
    setInFlight(backend, 7);
    setWeight(backend, 0.5);
    expect([backend.weight, backend.inFlight]).toEqual([0.5, 7]);
  });

  test('cannot be written to, extended, or made into a way to the engine', () => {
    const backend = view();
    for (const name of ['id', 'weight', 'inFlight', 'zone', 'mine']) {
      expect(() => Object.assign(backend, { [name]: 1 })).toThrow(TypeError);
      expect(Reflect.defineProperty(backend, name, { value: 1 })).toBe(false);
    }
    const prototype = Object.getPrototypeOf(backend) as object;
    expect(Reflect.defineProperty(prototype, 'inFlight', { value: 1 })).toBe(false);
    expect(Reflect.setPrototypeOf(backend, null)).toBe(false);
    expect(backend.constructor).toBe(Object);
    const members = ['id', 'weight', 'inFlight', 'zone', 'address', 'number', 'maxConnections', 'full'];
    expect(Reflect.ownKeys(prototype)).toEqual(members);
    expect(backend.inFlight).toBe(0);
  });

  test('has an address and a number of its own when the configuration says none, and is full at its bound', () => {
    expect([view().address, view().number, view().full]).toEqual(['10.0.0.5:8080', 5, false]);
    const bounded = new BackendView(4, 's4', 'b', 2, { address: '10.1.2.3:80', number: 9, maxConnections: 2 });
    setInFlight(bounded, 2);
    expect([bounded.address, bounded.number, bounded.full]).toEqual(['10.1.2.3:80', 9, true]);
  });

  test('is known by its slot; a stranger is not', () => {
    const backend = view();
    expect(slotOf(backend)).toBe(4);
    const strangers = [
      { id: 's4', inFlight: 0 },
      Object.create(backend),
      new Proxy(backend, {}),
      null,
      undefined,
      4,
      's4',
    ];
    expect(strangers.map(slotOf)).toEqual(strangers.map(() => -1));
  });
});

describe('a request as policies see it', () => {
  const headers = Object.freeze({ accept: 'text/html' });
  const template = { client: 'c1', class: 'video', method: 'GET', host: 'example.test', path: '/v', headers };

  test('shows its facts and lets none be changed', () => {
    const request = new RequestView(9, 3, template);
    const { id, connection, client, class: requestClass, method, host, path } = request;
    expect({ id, connection, client, class: requestClass, method, host, path, headers: request.headers }).toEqual({
      id: 9,
      connection: 3,
      ...template,
    });
    for (const name of ['id', 'client', 'path', 'headers'])
      expect(() => Object.assign(request, { [name]: 1 })).toThrow(TypeError);
    expect(() => Object.assign(request.headers, { accept: '' })).toThrow(TypeError);
    expect(request.constructor).toBe(Object);
    expect(Object.isFrozen(Object.getPrototypeOf(request))).toBe(true);
  });
});
