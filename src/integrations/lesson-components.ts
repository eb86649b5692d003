/**
 * Lessons use components without importing them: every component of src/components/lesson that a lesson names is imported for it. The
 * imports go to the end of the file, so that line numbers in messages stay the author's.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

const folder = new URL('../components/lesson/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.astro'))
  .map((file) => file.replace('.astro', ''));

export function lessonComponents(): AstroIntegration {
  return {
    name: 'lesson-components',
    hooks: {
      'astro:config:setup': ({ config, updateConfig }) => {
        const lessons = fileURLToPath(new URL('lessons/', config.root));
        updateConfig({
          vite: {
            plugins: [
              {
                name: 'lesson-components',
                // Before MDX is compiled.
                enforce: 'pre',
                transform: {
                  filter: { id: /\.mdx$/ },
                  handler: (code: string, id: string) => (id.startsWith(lessons) ? withImports(code) : undefined),
                },
              },
            ],
          },
        });
      },
    },
  };
}

/** `code` with an import for each lesson component it uses and does not import itself. */
export function withImports(code: string): string {
  const used = names.filter(
    (name) => new RegExp(`<${name}[\\s/>]`).test(code) && !new RegExp(`^import ${name}\\b`, 'm').test(code),
  );
  const imports = used.map((name) => `import ${name} from '/src/components/lesson/${name}.astro';`);
  return `${code}\n\n${imports.join('\n')}\n`;
}
