import { worldFor } from '../../engine/cli/new/worlds.ts';
import { COLUMN } from '../../engine/grade/tape.ts';
import { parseScenario } from '../../engine/parse.ts';
import { describeColumn } from './tape-columns.ts';

/** Each of these kinds decides in a tier of another sort. */
for (const kind of ['elector', 'flows', 'resolver'] as const) {
  describeColumn(COLUMN[kind], parseScenario(worldFor(kind, kind, 50), kind));
}
