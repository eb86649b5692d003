import fc from 'fast-check';
import { machine } from './machines.ts';
import { optional, seldom, serviceTime } from './times.ts';

export const backend = (id: string, role: Readonly<Record<string, unknown>> = {}) =>
  fc
    .record({
      id: fc.constant(id),
      workers: fc.integer({ min: 1, max: 4 }),
      queueLimit: optional(fc.nat(5)),
      service: fc.record({ default: serviceTime }),
      pause: seldom(serviceTime),
      weight: fc.integer({ min: 1, max: 5 }),
      maxConnections: seldom(fc.integer({ min: 1, max: 3 })),
      zone: fc.constantFrom('a', 'b'),
      dependsOn: seldom(fc.constant(['store'])),
      ...machine,
    })
    .map((one) => ({ ...one, ...role }));
