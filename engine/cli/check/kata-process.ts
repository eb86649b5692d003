/** One kata's report as a line of JSON: `node kata-process.ts <slug> <seeds>`. */
import { reportOnKata } from './kata-report.ts';

const [slug, seeds] = process.argv.slice(2) as [string, string];
const katas = new URL('../../../katas', import.meta.url).pathname;
console.log(JSON.stringify(await reportOnKata(katas, slug, Number(seeds))));
