/** The code of an .astro file: what stands between its fences, and its scripts. */
function astro(text) {
  const frontmatter = /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
  const scripts = [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(([, body]) => body);
  return [frontmatter, ...scripts].join(';\n');
}

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'engine/{worker,sandbox,cli}/*.ts',
    'katas/catalog.ts',
    'katas/*/{starter,solution,checks}.ts',
    'katas/*/{mutants,alternatives}/*.ts',
    'src/pages/**/*.{astro,ts}',
    // Started by address, not imported.
    'src/bridge/*-worker.ts',
    'test/contract/allocations.ts',
    'test/bench/browser/*.ts',
    'engine/cli/grade/node-child.ts',
    'engine/cli/{check,mutate}/kata-process.ts',
    // Lessons name these without importing them.
    'src/components/lesson/*.astro',
    'test/**/*.{test,spec,bench}.{ts,tsx}',
    '.config/*.{ts,js}',
  ],
  project: ['{engine,katas,src,test}/**/*.{ts,tsx,astro}', '.config/**/*.{ts,js}'],
  ignoreExportsUsedInFile: true,
  // Node itself, which npm's scripts run with, and fonts, which style sheets import.
  ignoreDependencies: ['node', '@fontsource-variable/*'],
  compilers: { astro },
};
