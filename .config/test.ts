/** `npm test`: every stage in turn, cheapest first. The first that fails ends it, and is named so that it can be run alone. */
import { spawnSync } from 'node:child_process';

const stages = ['format:check', 'lint', 'types', 'deps', 'knip', 'test:unit', 'build', 'test:e2e'];

const times: string[] = [];
for (const stage of stages) {
  console.log(`\n=== ${stage}`);
  const startMs = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', stage], { stdio: 'inherit' });
  times.push(`${stage} ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    console.error(`\nnpm test: the stage "${stage}" failed. Run it alone with: npm run ${stage}`);
    process.exit(1);
  }
}
console.log(`\n=== all ${stages.length} stages passed: ${times.join(', ')}`);
