import { costPerDecisionBelow, keyAffinity, keysSpread, movedKeysAtMost, neverDeclines } from 'ballast';
import type { Check, Request } from 'ballast';

const path = (request: Request) => request.path;

export const checks: readonly Check[] = [
  neverDeclines(),
  keyAffinity(path),
  // The most that must move is a newcomer's share, a quarter here; a ring of a hundred points gives it up to 0.05 more. Modulo moves three quarters.
  movedKeysAtMost({ key: path, share: 0.35 }),
  // The busiest of twenty owns at most 1.29 times its share in 95 of 100 rings of 100 points (1.42 in the worst of 2,000), and at least 1.57 times in 95 of 100
  // rings of five. What chance adds for the keys of a world makes 1.25 a limit of 1.6 for twenty backends, and of more where there are fewer keys.
  keysSpread({ key: path, factor: 1.25 }),
  // A hash of a dozen letters, a search by halving, and each pick's part of a ring of 1,000 points a backend built now and then. A look at half of 2,000 points is beyond.
  costPerDecisionBelow({ steps: 600 }),
];
