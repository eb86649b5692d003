/**
 * The course opens without a network after the first visit.
 *
 * A build ends with a service worker (Workbox). It keeps every page and the code, styles and fonts that pages start with, and
 * keeps larger things (the TypeScript compiler of the editor, a diagram library) when they are first used. Online, pages
 * always come from the network, so that nobody reads yesterday's build; assets carry a hash in their name and never go stale.
 * All addresses are relative to the worker's own, which makes any base path work.
 */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { generateSW } from 'workbox-build';

/** Larger files wait until they are used. The largest file that every page needs is under 100 kB. */
const maximumKeptBytes = 400_000;

export function offline(): AstroIntegration {
  return {
    name: 'offline',
    hooks: {
      'astro:config:setup': ({ command, config, injectScript }) => {
        if (command !== 'build') return;
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
          globIgnores: ['pagefind/*{ui,highlight}*'],
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

/** Runs in the service worker, into which Workbox copies its source. The kept names carry a revision, which is not compared. */
async function keptPage({ request }: { request: Request }): Promise<Response | undefined> {
  return caches.match(new URL('index.html', request.url), { ignoreSearch: true });
}
