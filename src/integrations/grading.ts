/**
 * What grading needs from the build.
 *
 * - `virtual:ballast-sandbox`: everything that runs in the learner's frame, bundled into the frame's document as one classic script, with the
 *   script's digest in the document's content security policy. A built site and `astro dev` get the same.
 * - `virtual:ballast-katas`: the scenarios of each kata, checked and parsed, so that no schema library reaches a browser. A folder in katas/ that
 *   is no kata ends the build with what is wrong in which file.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { rolldown } from 'rolldown';
import { kataSlugs, readKataFolder } from '../../engine/cli/kata-folder.ts';
import { sandboxDocument } from '../../engine/sandbox/frame.ts';

export function grading(): AstroIntegration {
  return {
    name: 'grading',
    hooks: {
      'astro:config:setup': ({ config, updateConfig }) => {
        updateConfig({ vite: gradingInVite(fileURLToPath(config.root)) });
      },
    },
  };
}

/** The same for a build without Astro. `root`: of the repository, with a slash at its end. */
export function gradingInVite(root: string) {
  const plugins = () => [sandboxPlugin(root), katasPlugin(root)];
  return { plugins: plugins(), worker: { format: 'es' as const, plugins } };
}

/** The part of a Vite plugin that is used here. */
interface Plugin {
  readonly name: string;
  resolveId(id: string): string | undefined;
  load(this: { addWatchFile(id: string): void }, id: string): Promise<string | undefined> | string | undefined;
}

const SANDBOX = 'virtual:ballast-sandbox';
const KATAS = 'virtual:ballast-katas';

function sandboxPlugin(root: string): Plugin {
  return {
    name: 'ballast-sandbox',
    resolveId: (id) => (id === SANDBOX ? `\0${SANDBOX}` : undefined),
    async load(id) {
      if (id !== `\0${SANDBOX}`) return undefined;
      const { script, files, sha256 } = await sandboxScript(root);
      for (const file of files) this.addWatchFile(file);
      return `export const sandbox = ${JSON.stringify(sandboxDocument(script, sha256))};`;
    },
  };
}

/** What runs in the learner's frame, with its digest for the policies of the frame and of the page that holds it. `root`: as above. */
export async function sandboxScript(root: string) {
  const { script, files } = await bundle(`${root}engine/sandbox/boot.ts`);
  return { script, files, sha256: createHash('sha256').update(script).digest('base64') };
}

/**
 * One classic script. It takes what it needs of the realm before the lock-down takes the names away, and holds no end tag that would
 * end it early within a document.
 */
async function bundle(input: string): Promise<{ script: string; files: readonly string[] }> {
  const build = await rolldown({ input, platform: 'browser' });
  const { output } = await build.generate({ format: 'iife', minify: true, intro: `const {${TAKEN}} = globalThis;` });
  await build.close();
  const [{ code, moduleIds }] = output;
  if (/<\/script|<!--/i.test(code)) throw new Error('The sandbox script holds text that ends a script in a document.');
  return { script: code.trim(), files: moduleIds };
}

const TAKEN = 'Array, Function, Promise, Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array';

/** One module with a loader for each kata, and behind each a module with its scenarios. */
function katasPlugin(root: string): Plugin {
  const folder = `${root}katas`;
  return {
    name: 'ballast-katas',
    resolveId: (id) => (id === KATAS || id.startsWith(`${KATAS}/`) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${KATAS}`) {
        const loaders = kataSlugs(folder).map((slug) => {
          readKataFolder(folder, slug);
          return `${JSON.stringify(slug)}: () => import('${KATAS}/${slug}')`;
        });
        return `export const katas = {${loaders.join(', ')}};`;
      }
      if (!id.startsWith(`\0${KATAS}/`)) return undefined;
      const slug = id.slice(KATAS.length + 2);
      const { policy, scenarios, files } = readKataFolder(folder, slug);
      for (const file of files) this.addWatchFile(file);
      return `export const kata = ${JSON.stringify({ policy, scenarios })};`;
    },
  };
}
