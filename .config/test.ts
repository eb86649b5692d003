/**
 * `npm test`: every stage there is, two at a time where a stage keeps only one core busy. The first that fails ends it, and is named so that it can be run
 * alone. What a stage says is shown when it has ended.
 */
import { spawn } from 'node:child_process';

/** Each keeps one core busy: two at a time, in this order. The build is a stage of its own kind: the last of them, it is what the browser tests look at. */
const single = ['types', 'lint', 'format:check', 'deps', 'knip', 'build'];
/** These start as many processes as there are cores. */
const wide = ['test:unit', 'test:e2e'];
const LANES = 2;

/** What one program compiled, the next need not: several are started often. */
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: new URL('../node_modules/.cache/compiled', import.meta.url).pathname,
};

const times: string[] = [];
let failed: string | undefined;

// Types of pages and content, which two stages need; their own scripts make them too, when run alone.
await stage('sync', ['astro', 'sync'], 'npx');
const waiting = [...single];
await Promise.all(Array.from({ length: LANES }, () => lane()));
for (const name of wide) await run(name);

if (failed !== undefined) {
  console.error(`\nnpm test: the stage "${failed}" failed. Run it alone with: npm run ${failed}`);
  process.exit(1);
}
console.log(`\n=== all stages passed: ${times.join(', ')}`);

async function lane(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

/** Without the hooks before it, as the types are there. */
async function run(name: string): Promise<void> {
  if (failed === undefined) await stage(name, ['run', '--silent', '--ignore-scripts', name], 'npm');
}

function stage(name: string, args: readonly string[], program: string): Promise<void> {
  const startMs = performance.now();
  const shared = wide.includes(name);
  if (shared) console.log(`\n=== ${name}`);
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: shared ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => said.push(part));
    child.on('close', (status) => {
      const took = `${name} ${((performance.now() - startMs) / 1000).toFixed(1)} s`;
      if (!shared) process.stdout.write(`\n=== ${took}\n${Buffer.concat(said).toString()}`);
      times.push(took);
      if (status !== 0) failed ??= name;
      resolve();
    });
  });
}
