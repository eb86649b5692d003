/** What became of one kata's mutants, as a line of JSON: `node kata-process.ts <slug> <seeds>`. */
import { reportOnMutants } from './mutation-report.ts';

const [slug, seeds] = process.argv.slice(2) as [string, string];
const katas = new URL('../../../katas', import.meta.url).pathname;
console.log(JSON.stringify(await reportOnMutants(katas, slug, Number(seeds))));
