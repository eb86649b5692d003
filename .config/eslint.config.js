import js from '@eslint/js';
import astro from 'eslint-plugin-astro';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = new URL('..', import.meta.url).pathname;

/** Time, randomness and the outside world reach the engine and the katas as arguments only (architecture, idea 2). */
const ambient = {
  Date: 'Time is an argument: read ctx.nowUs.',
  performance: 'Time is an argument: read ctx.nowUs.',
  setTimeout: 'There are no timers here: the engine schedules events in simulated time.',
  setInterval: 'There are no timers here: the engine schedules events in simulated time.',
  setImmediate: 'There are no timers here: the engine schedules events in simulated time.',
  queueMicrotask: 'There are no timers here: the engine schedules events in simulated time.',
  requestAnimationFrame: 'There are no timers here: the engine schedules events in simulated time.',
  console: 'Return a value or write to the trace: the engine has no console.',
  fetch: 'The engine has no network: take the data as an argument.',
  crypto: 'Draw from the Rng you are given.',
  globalThis: 'The engine has no ambient world: take what you need as an argument.',
  self: 'The engine has no ambient world: take what you need as an argument.',
  window: 'The engine has no ambient world: take what you need as an argument.',
  document: 'The engine has no ambient world: take what you need as an argument.',
  process: 'The engine has no ambient world: take what you need as an argument.',
};

/** Functions whose last bit differs between JavaScript engines, so a run would not have the same digest everywhere. */
const inexact =
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh';

const engineFiles = ['engine/**/*.ts'];
const engineOutside = ['engine/worker/**', 'engine/sandbox/**', 'engine/cli/**'];

export default defineConfig(
  globalIgnores(['dist/', '.astro/', 'coverage/', 'playwright-report/', 'test-results/', 'public/']),

  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{ts,tsx}'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers are what this project prints most.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `items[i]!` inside a loop bounded by items.length is how a hot path avoids a test that cannot fail.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },

  {
    name: 'the engine and the katas: the language and nothing else',
    files: [...engineFiles, 'katas/**/*.ts'],
    ignores: [...engineOutside, 'katas/*/mutants/**'],
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(ambient).map(([name, message]) => ({ name, message }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from the Rng you are given: same seed, same bytes.' },
        ...inexact.split(' ').map((property) => ({
          object: 'Math',
          property,
          message: `Math.${property} differs between JavaScript engines: use engine/core/maths.ts.`,
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'BinaryExpression[operator="**"], AssignmentExpression[operator="**="]',
          message: '`**` differs between JavaScript engines: multiply, or use engine/core/maths.ts.',
        },
        {
          selector: 'VariableDeclarator[init.name="Math"]',
          message: 'Write Math.floor(x) in full, so that lint can see which of its functions are used.',
        },
      ],
    },
  },

  {
    name: 'tests and tools',
    files: ['test/**/*.{ts,tsx}', '.config/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },

  {
    name: 'mutants are wrong on purpose, starters are not finished',
    files: ['katas/*/mutants/**', 'katas/*/starter.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },

  astro.configs.recommended,
  {
    name: 'pages see the engine through its public surface',
    files: ['**/*.astro'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '(^|/)engine/(?!(index|parse)\\.ts$|.*\\.md$)',
              message: 'Import from engine/index.ts, or talk to src/bridge.',
            },
            { regex: '^comlink$', message: 'Only src/bridge talks to workers.' },
          ],
        },
      ],
    },
  },
);
