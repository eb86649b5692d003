import { Prng } from '../../../core/prng.ts';
import { hashRing } from '../../../pickers/hash-ring.ts';
import { rendezvous } from '../../../pickers/rendezvous.ts';
import { keyDraw } from '../../../world/users.ts';
import { KeyedPool } from '../keyed-pool.ts';
import { movedKeys, SCHEMES } from '../remap.ts';
import { rings } from '../rings.ts';
import { numberIn, numberOf } from '../row.ts';
import { experiment, listIn, meanOf, numbersIn, together } from './experiment.ts';

export const moved = experiment('keys that move', ['keys'], /->|moved between survivors/, (example, { seed }) => {
  const keys = numberOf(example, 'keys');
  const [from = 5, to = 4] = numbersIn(/(\d+->\d+)/.exec(example.metric)?.[1] ?? '');
  const points = numberIn(example.metric, /V=(\d+)/) ?? 160;
  const make = /\bmod\b/.test(example.metric) ? SCHEMES.mod : () => hashRing({ points });
  const { share, betweenSurvivors } = movedKeys(make, from, to, keys, seed);
  return { got: /survivors/.test(example.metric) ? betweenSurvivors : share, requests: keys };
});

const SESSIONS = 100_000;

/** Where each session is before and after the last server of the pool is gone. */
function sessionsAt(count: number, seed: number): number[] {
  const pool = KeyedPool.alike(rendezvous(), count, new Prng(seed));
  return Array.from({ length: SESSIONS }, (_, user) => pool.whereIs(user));
}

export const lostSessions = experiment(
  'sessions after a crash',
  ['N'],
  /^sessions lost|^mean survivor/,
  (example, { seed }) => {
    const count = numberOf(example, 'N');
    const before = sessionsAt(count, seed);
    const after = sessionsAt(count - 1, seed);
    const at = (owners: readonly number[], server: number) => owners.filter((owner) => owner === server).length;
    if (/lost/.test(example.metric)) return { got: at(before, count - 1) / SESSIONS, requests: SESSIONS };
    const survivors = Array.from({ length: count - 1 }, (_, server) => server);
    const got =
      meanOf(survivors.map((server) => at(after, server))) / meanOf(survivors.map((server) => at(before, server)));
    return { got, requests: 2 * SESSIONS };
  },
);

export const worstSurvivor = experiment('the worst survivor on a ring', ['N'], /^max survivor/, (example, setting) => {
  const nodes = numberOf(example, 'N');
  const rows = listIn(example.metric, /V=([\d/]+)/).map((vnodes) => ({
    ...example,
    metric: 'max share after removing one',
    scenario: { nodes, vnodes },
  }));
  return together(rings, rows, setting);
});

/** One user sends a part of all requests, the rest come from as many others as there are requests. */
export const whale = experiment('a user who is large', ['w', 'N'], /^hot/, (example, { seed }) => {
  const part = numberOf(example, 'w');
  const count = numberOf(example, 'N');
  const requests = 200_000;
  const rng = new Prng(seed).fork('whale');
  const pool = KeyedPool.alike(rendezvous(), count, new Prng(seed));
  const hot = pool.whereIs(0);
  let there = 0;
  for (let request = 1; request <= requests; request += 1)
    if (pool.whereIs(rng.float() < part ? 0 : request) === hot) there += 1;
  const share = there / requests;
  const load = numberIn(example.metric, /pool ([\d.]+)/);
  return { got: load === undefined ? share : share * count * load, requests };
});

export const zipf = experiment("the first by Zipf's law", ['w', 'N'], /^Zipf/, (example, { seed }) => {
  const users = numbersIn(/([\d,]+) users/.exec(example.claim)?.[1] ?? '1,000')[0]!;
  const draw = keyDraw({ count: users, zipf: numberIn(example.claim, /Zipf\(([\d.]+)\)/) ?? 1 });
  const rng = new Prng(seed).fork('zipf');
  const requests = 1_000_000;
  let first = 0;
  for (let request = 0; request < requests; request += 1) if (draw(rng) === 1) first += 1;
  return { got: first / requests, requests };
});
