/**
 * Makes the folder of a new kata: complete, and running from the start. What is to be written in it begins with "Fill in".
 *
 *   npm run new:kata -- <slug> --policy <kind> [--lesson slug]
 *
 * A slug of the plan (katas/catalog.ts) takes its number, title and lesson from there; any other is added to the plan's end.
 */
import { command } from './command.ts';
import { makeKata } from './new/make-kata.ts';

await command(async () =>
  console.log(await makeKata(new URL('../../', import.meta.url).pathname, process.argv.slice(2))),
);
