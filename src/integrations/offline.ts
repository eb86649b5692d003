/**
 * The course opens without a network after the first visit.
 *
 * A build ends with a service worker (Workbox). It keeps every page and the code, styles and fonts of all of them from the first
 * visit on. What is large and seldom used (the TypeScript compiler of the editor, the parts of the diagram library) it keeps
 * once it has been used. Online, pages always come from the network, so that nobody reads yesterday's build; assets carry a
 * hash in their name and never go stale. All addresses are relative to the worker's own, which makes any base path work.
 */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { generateSW } from 'workbox-build';

/** Larger files wait until they are used: the terminal (340 kB) is kept, the TypeScript compiler (3.5 MB) waits. */
const maximumKeptBytes = 400_000;

export function offline(): AstroIntegration {
  let lazyFiles: string[] = [];
  return {
    name: 'offline',
    hooks: {
      'astro:config:setup': ({ command, config, injectScript, updateConfig }) => {
        if (command !== 'build') return;
        updateConfig({
          vite: {
            plugins: [
              {
                name: 'offline',
                generateBundle(_, bundle) {
                  if (this.environment.name === 'client') lazyFiles = lazyLibraries(Object.values(bundle));
                },
              },
            ],
          },
        });
        const worker = JSON.stringify(`${config.base.replace(/\/$/, '')}/sw.js`);
        injectScript('page', `navigator.serviceWorker?.register(${worker}).catch(() => {});`);
      },
      'astro:build:done': async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const { count, size } = await generateSW({
          swDest: `${folder}sw.js`,
          globDirectory: folder,
          globPatterns: ['**/*.{html,js,css,svg,json,pagefind,pf_*}', '**/*-latin-wght-*.woff2', 'favicon.*'],
          // Search interfaces of Pagefind's own, which Starlight does not use.
          globIgnores: ['pagefind/*{ui,highlight}*', ...lazyFiles],
          maximumFileSizeToCacheInBytes: maximumKeptBytes,
          dontCacheBustURLsMatching: /\/_astro\//,
          inlineWorkboxRuntime: true,
          sourcemap: false,
          clientsClaim: true,
          // Pages go to the network first; the kept copy of one answers when that fails.
          directoryIndex: null,
          runtimeCaching: [
            {
              urlPattern: ({ request }) => request.mode === 'navigate',
              handler: 'NetworkFirst',
              options: { cacheName: 'pages', networkTimeoutSeconds: 5, plugins: [{ handlerDidError: keptPage }] },
            },
            {
              urlPattern: ({ sameOrigin, url }) => sameOrigin && url.pathname.includes('/_astro/'),
              handler: 'CacheFirst',
              options: { cacheName: 'assets', expiration: { maxEntries: 100, purgeOnQuotaError: true } },
            },
          ],
        });
        logger.info(`${count} files, ${(size / 1e6).toFixed(1)} MB, open without a network`);
      },
    },
  };
}

/** What Vite tells of one file of code that it wrote. */
interface Chunk {
  readonly type: 'chunk';
  readonly fileName: string;
  readonly isEntry: boolean;
  /** The module it was made for, where it was made for one. */
  readonly facadeModuleId: string | null;
  /** Other chunks, by file name. */
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

/** The files that are reached only through a package's own lazy loading: nobody knows yet whether a reader needs them. */
function lazyLibraries(bundle: readonly (Chunk | { type: 'asset' })[]): string[] {
  const chunks = new Map(bundle.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set<string>();
  const reach = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || reached.has(name)) return;
    reached.add(name);
    chunk.imports.forEach(reach);
    chunk.dynamicImports.filter((lazy) => !chunks.get(lazy)?.facadeModuleId?.includes('/node_modules/')).forEach(reach);
  };
  for (const { fileName, isEntry } of chunks.values()) if (isEntry) reach(fileName);
  return [...chunks.keys()].filter((name) => !reached.has(name));
}

/** Runs in the service worker, into which Workbox copies its source. The kept names carry a revision, which is not compared. */
async function keptPage({ request }: { request: Request }): Promise<Response | undefined> {
  return caches.match(new URL('index.html', request.url), { ignoreSearch: true });
}
