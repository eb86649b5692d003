import { readdirSync } from 'node:fs';

const dist = new URL('../../dist/', import.meta.url).pathname;

/** The address of every page of the build: "/", "/lessons/04-round-robin-and-weights/", "/404.html". */
export const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.html'))
  .map((path) => `/${path.replace(/(^|\/)index\.html$/, '$1')}`)
  .sort();
