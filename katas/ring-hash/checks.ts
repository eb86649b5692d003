import { costPerDecisionBelow, keyAffinity, keysSpread, movedKeysAtMost, neverDeclines } from 'ballast';
import type { Check, Request } from 'ballast';

const path = (request: Request) => request.path;

export const checks: readonly Check[] = [
  neverDeclines(),
  keyAffinity(path),
  // The most that must move is a newcomer's share, a quarter here; a ring of a hundred points gives it up to 0.05 more. Modulo moves three quarters.
  movedKeysAtMost({ key: path, share: 0.35 }),
  // With 100 points the busiest of five owns 1.2 times its share at most in 95 of 100 rings; with one point 2.3 times on average.
  keysSpread({ key: path, factor: 1.5 }),
  // A hash of a dozen letters, a search by halving, and each pick's part of a ring of 1,000 points a backend built now and then. A look at half of 2,000 points is beyond.
  costPerDecisionBelow({ steps: 600 }),
];
