/** The language service of the editor, in Node. */
import { readdirSync, readFileSync } from 'node:fs';
import { createLanguage } from '../worker/language-service.ts';

const root = new URL('../../', import.meta.url).pathname;
const typescript = `${root}node_modules/typescript/lib/`;

const libraries = readdirSync(typescript)
  .filter((file) => /^lib\.(es5|es20(1\d|2[0-3])(\..*)?|decorators(\.legacy)?)\.d\.ts$/.test(file))
  .map((file) => [file, readFileSync(typescript + file, 'utf8')] as const);

export const language = createLanguage(new Map(libraries), readFileSync(`${root}engine/core/policy.ts`, 'utf8'));
