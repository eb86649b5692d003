import { rolldown } from 'rolldown';

/** engine/sandbox/kernel.ts and all it needs as one classic script, which takes what it needs of the realm before the lock-down takes the names away. */
export async function bundleKernel(): Promise<string> {
  const input = new URL('../../sandbox/kernel.ts', import.meta.url).pathname;
  const build = await rolldown({ input, platform: 'neutral' });
  const { output } = await build.generate({ format: 'iife', minify: true, intro: `const {${TAKEN}} = globalThis;` });
  await build.close();
  return output[0].code;
}

const TAKEN =
  'Array, ArrayBuffer, Function, Promise, Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array';
