/**
 * The rule of imports (engine/README.md), checked by `npm run deps`. Type-only imports obey it like any other.
 *
 *   core <- pickers, health, traffic, tier, metrics    these five never import each other
 *   core, traffic <- balancer <- world <- grade <- sandbox, worker, cli;   worker, sandbox <- src/bridge <- src <- lessons
 *   registry -> pickers, health, traffic, tier         the only file that imports every policy; policies-for makes those a scenario names
 *   katas -> the public surface: engine/index.ts, and engine/parse.ts with the schema library
 */
import { builtinModules } from 'node:module';

const node = `(${builtinModules.join('|')})$`;
/** Modules that Astro makes up while it builds. */
const virtual = '(astro|virtual):';
const surface = 'engine/(index|parse)\\.ts$';
const npm = (name) => `node_modules/(${name})/`;

/** What each part may import besides itself. Files are matched from the repository's root. */
const may = {
  'engine/core/': [],
  'engine/pickers/': ['engine/core/'],
  'engine/health/': ['engine/core/'],
  'engine/traffic/': ['engine/core/'],
  'engine/metrics/': ['engine/core/'],
  'engine/tier/': ['engine/core/'],
  'engine/balancer/': ['engine/core/', 'engine/traffic/'],
  'engine/world/': ['engine/core/', 'engine/balancer/', 'engine/metrics/', npm('zod')],
  'engine/grade/': ['engine/core/', 'engine/balancer/', 'engine/metrics/', 'engine/world/', npm('zod')],
  'engine/scenarios/': ['engine/core/', 'engine/world/'],
  'engine/(registry|policies-for|policy-problems)\\.ts$': [
    'engine/core/',
    'engine/pickers/',
    'engine/health/',
    'engine/traffic/',
    'engine/tier/',
    'engine/world/',
  ],
  [surface]: ['engine/(?!worker/|sandbox/|cli/)'],
  'engine/sandbox/': ['engine/(?!worker/|cli/)', npm('typescript|ts-blank-space')],
  'engine/worker/': ['engine/(?!sandbox/|cli/)', npm('.*')],
  'engine/cli/': ['engine/', 'katas/', npm('.*'), node],
  'katas/': [surface],
  // What the build runs: it may look behind the surface, no page does.
  'src/integrations/': ['engine/', 'katas/', 'src/', npm('(?!comlink/).*'), node],
  'src/bridge/': [surface, 'engine/(worker|sandbox)/', 'katas/', 'src/', npm('.*'), virtual],
  'src/(?!bridge/|integrations/)': [surface, 'katas/', 'lessons/', 'src/', npm('(?!comlink/).*'), node, virtual],
};

const layers = Object.entries(may).map(([part, allowed]) => ({
  name: `${part.replace(/\\|\$|\(\?!.*?\)/g, '')} imports only what it may`,
  comment: `Allowed besides itself: ${allowed.join(', ') || 'nothing'}. If the import belongs there, the layout is wrong: move the code.`,
  severity: 'error',
  from: { path: `^${part}` },
  to: { pathNot: [part, ...allowed].map((path) => `^${path}`) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layers,
    {
      name: 'katas never import each other',
      comment: 'A kata is one folder. What two of them need belongs to the engine.',
      severity: 'error',
      from: { path: '^katas/([^/]+)/' },
      to: { path: '^katas/', pathNot: '^katas/$1/' },
    },
    {
      name: 'no cycles',
      comment: 'Types included. Move what both need to where neither is.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every import resolves',
      comment: 'The file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: `^${virtual}` },
    },
    {
      name: 'public files are never imported',
      comment: 'They are copied as they are: refer to them by address.',
      severity: 'error',
      from: {},
      to: { path: '^public/' },
    },
    {
      name: 'nothing imports the tests',
      severity: 'error',
      from: { pathNot: '^(test|\\.config)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|\\.astro)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'node', 'browser'],
    },
  },
};
