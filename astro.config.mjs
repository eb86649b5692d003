// @ts-check
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { offline } from './src/integrations/offline.ts';

// BALLAST_SITE and BALLAST_BASE: where the site is published, for example https://example.org and /ballast.
const { BALLAST_SITE, BALLAST_BASE = '', PORT = '4321' } = process.env;

export default defineConfig({
  ...(BALLAST_SITE && { site: BALLAST_SITE }),
  // Always with a slash at the end, so that `${import.meta.env.BASE_URL}katas/` is right everywhere.
  base: BALLAST_BASE.replace(/\/*$/, '/'),
  server: { port: Number(PORT) },
  devToolbar: { enabled: false },
  integrations: [
    starlight({
      title: 'Ballast',
      description: 'Learn load balancing by building the balancer: live simulations and graded katas, in the browser.',
      customCss: ['./src/styles/index.css'],
      // Lessons get Starlight's asides and heading anchors although they live outside src/content/docs.
      markdown: { processedDirs: ['./lessons/'] },
      sidebar: [{ label: 'Lessons', items: [{ autogenerate: { directory: 'lessons' } }] }],
    }),
    preact(),
    offline(),
  ],
});
