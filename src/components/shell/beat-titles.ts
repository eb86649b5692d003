import type { Beat } from '../../store/records.ts';

/** What the beats are called on a page, in order. */
export const beatTitles: Readonly<Record<Beat, string>> = {
  hook: 'Hook',
  'worked-example': 'Worked example',
  predict: 'Predict',
  experiment: 'Experiment',
  check: 'Check',
  reflect: 'Reflect',
};
