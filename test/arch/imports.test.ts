/** The rule of imports catches what it should: a small tree of files that keep it, and one that breaks it in every way. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import config from '../../.config/dependency-cruiser.js';

/** File, and what it imports. */
const allowed: Record<string, string[]> = {
  'engine/core/policy.ts': ['./rng.ts'],
  'engine/pickers/random.ts': ['../core/policy.ts'],
  'engine/pickers/p2c.ts': ['./load.ts'],
  'engine/balancer/balancer.ts': ['../core/policy.ts', '../traffic/budget.ts'],
  'engine/world/simulation.ts': ['../core/rng.ts', '../balancer/balancer.ts', '../metrics/trace.ts'],
  'engine/grade/judge.ts': ['../world/simulation.ts'],
  'engine/registry.ts': ['./pickers/random.ts', './health/thresholds.ts', './traffic/router.ts'],
  'engine/index.ts': ['./registry.ts', './grade/judge.ts'],
  'engine/worker/simulation.ts': ['../index.ts'],
  'engine/cli/sim.ts': ['../index.ts', '../../katas/a/solution.ts', 'node:fs'],
  'katas/a/solution.ts': ['ballast'],
  'src/bridge/simulation.ts': ['../../engine/worker/simulation.ts'],
  'src/components/figure.ts': ['../../engine/index.ts', '../bridge/simulation.ts'],
  'engine/core/rng.ts': [],
  'engine/pickers/load.ts': [],
  'engine/health/thresholds.ts': [],
  'engine/traffic/router.ts': [],
  'engine/traffic/budget.ts': [],
  'engine/metrics/trace.ts': [],
};

const forbidden: Record<string, string[]> = {
  'engine/core/bad.ts': ['../metrics/trace.ts'],
  'engine/core/bad2.ts': ['node:fs'],
  'engine/pickers/bad.ts': ['../health/thresholds.ts'],
  'engine/health/bad.ts': ['./absent.ts'],
  'engine/traffic/bad.ts': ['../pickers/random.ts'],
  'engine/metrics/bad.ts': ['../world/simulation.ts'],
  'engine/balancer/bad.ts': ['../pickers/random.ts'],
  'engine/balancer/bad2.ts': ['../metrics/trace.ts'],
  'engine/world/bad.ts': ['../registry.ts'],
  'engine/world/bad2.ts': ['../pickers/random.ts'],
  'engine/grade/bad.ts': ['../pickers/random.ts'],
  'engine/worker/bad.ts': ['../cli/sim.ts'],
  'katas/a/bad.ts': ['../../engine/core/rng.ts'],
  'katas/b/bad.ts': ['../a/solution.ts'],
  'src/components/bad.ts': ['../../engine/worker/simulation.ts'],
  'src/components/bad2.ts': ['../../engine/core/policy.ts'],
  'src/components/bad3.ts': ['../../test/unit/helper.ts'],
};

const cycle: Record<string, string[]> = {
  'engine/core/left.ts': ['./right.ts'],
  'engine/core/right.ts': ['./left.ts'],
};

const folder = mkdtempSync(join(tmpdir(), 'imports-'));
let caught: string[];

beforeAll(async () => {
  write('package.json', JSON.stringify({ name: 'ballast', type: 'module', exports: { '.': './engine/index.ts' } }));
  write('test/unit/helper.ts', 'export {};');
  for (const [path, imports] of Object.entries({ ...allowed, ...forbidden, ...cycle })) {
    // Types only: they obey the rule like any other import.
    write(path, imports.map((from, index) => `import type * as m${index} from '${from}';\n`).join('') + 'export {};\n');
  }
  const { output } = await cruise(['engine', 'katas', 'src'], {
    ...config.options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  caught = (output as ICruiseResult).summary.violations.map(({ from }) => from);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test.each(Object.entries(forbidden))('%s may not import %s', (path) => {
  expect(caught).toContain(path);
});

test('a cycle of types is caught', () => {
  expect(caught.filter((path) => path in cycle)).not.toEqual([]);
});

test('what the rule allows passes', () => {
  expect(caught.filter((path) => path in allowed)).toEqual([]);
});
