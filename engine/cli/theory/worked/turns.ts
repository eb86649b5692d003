import type { BackendView } from '../../../core/backend.ts';
import { Prng } from '../../../core/prng.ts';
import { ipvsLeastConnections } from '../../../pickers/ipvs-least-connections.ts';
import { loadMetric } from '../../../pickers/load/load-metrics.ts';
import type { Picker } from '../../../core/policy.ts';
import { turnsOf } from '../facts.ts';
import { KeyedPool } from '../keyed-pool.ts';
import { experiment } from './experiment.ts';
import type { Example } from './experiment.ts';

const letters = (slots: readonly number[]) => slots.map((slot) => 'ABCDEFGHIJ'[slot]).join('');
const weightsOf = ({ scenario }: Example) => scenario.weights as readonly number[];

export const counts = experiment('counts of turns', ['weights'], /counts per \d+/, (example) => {
  const weights = weightsOf(example);
  const picks = weights.reduce((sum, weight) => sum + weight, 0);
  const turns = turnsOf('nginx smooth', weights, picks);
  return { got: weights.map((_, slot) => turns.filter((turn) => turn === slot).length), requests: picks };
});

export const order = experiment('the order of weighted turns', ['weights'], /sequence/, (example) => {
  const picks = String(example.expected).length;
  return { got: letters(turnsOf(example.metric, weightsOf(example), picks)), requests: picks };
});

function poolOf({ scenario }: Example, picker: Picker, seed: number): KeyedPool {
  const weights = scenario.weights as readonly number[];
  const pool = new KeyedPool(
    picker,
    weights.map((weight) => ({ weight })),
    new Prng(seed),
  );
  return pool.load(scenario.conns as readonly number[]);
}

/** What backends are compared by; the last is the error the example warns of, which no picker here makes. */
const LOADS: readonly (readonly [RegExp, (view: BackendView) => number])[] = [
  [/^\(c\+1\)\/w/, ({ inFlight, weight }) => (inFlight + 1) / weight],
  [/^c\/\(w\+1\)/, ({ inFlight, weight }) => inFlight / (weight + 1)],
  [/^c\/w/, (view) => loadMetric('weighted-in-flight', {}).load(view, { nowUs: 0, rng: new Prng(1) })],
];

export const loads = experiment(
  'loads by connections and weight',
  ['conns', 'weights'],
  /^\(?c[/+]/,
  (example, { seed }) => {
    const loadOf = LOADS.find(([written]) => written.test(example.metric))![1];
    return { got: poolOf(example, ipvsLeastConnections(), seed).views.map(loadOf), requests: 0 };
  },
);

/** All that are picked from the same state, where ties are drawn. */
function choicesOf(example: Example, picker: Picker, seed: number): string {
  const pool = poolOf(example, picker, seed);
  const picked = new Set(Array.from({ length: 100 }, (_, user) => pool.whereIs(user)));
  return [...picked]
    .sort((a, b) => a - b)
    .map((slot) => letters([slot]))
    .join(' or ');
}

export const choices = experiment(
  'the choice from a given state',
  ['conns', 'weights'],
  /^choice/,
  (example, { seed }) => {
    const wrong: Picker = {
      pick(backends) {
        const loadOf = ({ inFlight, weight }: (typeof backends)[number]) => inFlight / (weight + 1);
        return backends.toSorted((a, b) => loadOf(a) - loadOf(b))[0];
      },
    };
    const pickers = [
      ipvsLeastConnections({ ties: 'random' }),
      ipvsLeastConnections({ scheduler: 'sed', ties: 'random' }),
      wrong,
    ];
    return { got: pickers.map((picker) => choicesOf(example, picker, seed)), requests: 300 };
  },
);
