/**
 * Runs a scenario and says how it went.
 *
 *   npm run sim -- <scenario> [--policy name|file.ts] [--kind kind] [--seed N] [--json]
 *
 * The scenario is a file, or the name of one in engine/scenarios. `--policy` stands in the place of the scenario's own, wherever it has one of that kind;
 * `--kind` says which, if a name or a file would do for several. `--json` prints one object instead of tables.
 */
import { command } from './command.ts';
import { simulate } from './sim/command.ts';

await command(async () => console.log(await simulate(process.argv.slice(2))));
