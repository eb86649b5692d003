/**
 * Runs a scenario and says how it went.
 *
 *   npm run sim -- <scenario> [--policy name|file.ts] [--kind kind] [--seed N] [--json]
 *
 * The scenario is a file, or the name of one in engine/scenarios. `--policy` stands in the place of the scenario's own, wherever it has one of that kind;
 * `--kind` says which, if a name or a file would do for several. `--json` prints one object instead of tables.
 */
import { simulate } from './sim/command.ts';

try {
  console.log(await simulate(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
