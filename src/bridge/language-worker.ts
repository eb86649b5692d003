/** TypeScript's thread: the compiler, the declarations of the language without a browser's, and the types that learners import as "ballast". */
import * as Comlink from 'comlink';
import { createLanguage } from '../../engine/worker/language-service.ts';

const libraries = import.meta.glob<string>(
  [
    '/node_modules/typescript/lib/lib.{es5,es2015,es2016,es2017,es2018,es2019,es2020,es2021,es2022,es2023}.d.ts',
    '/node_modules/typescript/lib/lib.{es2015,es2016,es2017,es2018,es2019,es2020,es2021,es2022,es2023}.*.d.ts',
    '/node_modules/typescript/lib/lib.decorators{,.legacy}.d.ts',
    '!**/*.full.d.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
);
const types = import.meta.glob<string>('/engine/core/policy.ts', { query: '?raw', import: 'default', eager: true });

const byName = Object.entries(libraries).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text] as const);
Comlink.expose(createLanguage(new Map(byName), types['/engine/core/policy.ts']!));
