/**
 * @misconception Chance has to decide once for each connection; its later requests may follow the first.
 * @fails Wrong answer: a backend is never picked
 */
import type { Backend, Picker } from 'ballast';

export default function random(): Picker {
  const homes = new Map<number, Backend>();
  return {
    pick(backends, { connection }, ctx) {
      let home = homes.get(connection);
      if (home === undefined || !backends.includes(home)) {
        home = backends[ctx.rng.int(backends.length)]!;
        homes.set(connection, home);
      }
      return home;
    },
  };
}
