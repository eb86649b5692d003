// @ts-check
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { lessonComponents } from './src/integrations/lesson-components.ts';
import { contentPolicy } from './src/integrations/content-policy.ts';
import { grading } from './src/integrations/grading.ts';
import { offline } from './src/integrations/offline.ts';
import { searchIndex } from './src/integrations/search-index.ts';
import { codeBlocks } from './src/styles/code-blocks.ts';

// BALLAST_SITE and BALLAST_BASE: where the site is published, for example https://example.org and /ballast.
const { BALLAST_SITE, BALLAST_BASE = '', PORT = '4321' } = process.env;

export default defineConfig({
  ...(BALLAST_SITE && { site: BALLAST_SITE }),
  // Always with a slash at the end, so that `${import.meta.env.BASE_URL}katas/` is right everywhere.
  base: BALLAST_BASE.replace(/\/*$/, '/'),
  // A line break between words is a space, as in HTML.
  compressHTML: true,
  server: { port: Number(PORT) },
  devToolbar: { enabled: false },
  integrations: [
    lessonComponents(),
    starlight({
      title: 'Ballast',
      description: 'Learn load balancing by building the balancer: live simulations and graded katas, in the browser.',
      customCss: ['./src/styles/index.css'],
      expressiveCode: codeBlocks,
      // Lessons get Starlight's asides although they live outside src/content/docs; their anchors are the beats.
      markdown: { processedDirs: ['./lessons/'], headingLinks: false },
      // The shell of the mocks: our own parts in Starlight's places. The course list comes from src/course-map.ts.
      components: {
        ContentPanel: './src/components/shell/ContentPanel.astro',
        Footer: './src/components/shell/Footer.astro',
        Head: './src/components/shell/Head.astro',
        Header: './src/components/shell/Header.astro',
        MarkdownContent: './src/components/shell/MarkdownContent.astro',
        PageFrame: './src/components/shell/PageFrame.astro',
        PageSidebar: './src/components/shell/PageSidebar.astro',
        PageTitle: './src/components/shell/PageTitle.astro',
        Sidebar: './src/components/shell/Sidebar.astro',
        ThemeProvider: './src/components/shell/ThemeProvider.astro',
        TwoColumnContent: './src/components/shell/TwoColumnContent.astro',
      },
      disable404Route: true,
    }),
    preact(),
    searchIndex(),
    grading(),
    contentPolicy(),
    offline(),
  ],
});
