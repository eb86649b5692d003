/**
 * @misconception What counts is how many requests a backend was sent.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Backend, Picker } from 'ballast';

export default function countsStarts(): Picker {
  const sent = new Map<Backend, number>();
  return {
    pick(backends) {
      return backends.reduce((a, b) => ((sent.get(b) ?? 0) < (sent.get(a) ?? 0) ? b : a));
    },
    onRequestStart(backend) {
      sent.set(backend, (sent.get(backend) ?? 0) + 1);
    },
  };
}
