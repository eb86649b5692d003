/**
 * @misconception Dealing from a shuffled list is as random as drawing each time.
 * @fails Wrong answer: the next pick can be foretold from the last
 */
import type { Backend, Picker } from 'ballast';

export default function random(): Picker {
  let deck: Backend[] = [];
  return {
    onPoolChange() {
      deck = [];
    },
    pick(backends, _request, ctx) {
      if (deck.length === 0) deck = backends.slice();
      const [dealt] = deck.splice(ctx.rng.int(deck.length), 1);
      return dealt;
    },
  };
}
