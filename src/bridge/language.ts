/** TypeScript for the editor and for grading. */
import type { PolicyKind } from '../../engine/index.ts';
import type { Completions, Diagnostic, Hover, Language } from '../../engine/worker/language-service.ts';
import { Trusted } from './trusted.ts';

export type { Completions, Diagnostic, Hover };

/** Positions are offsets in `source` from 0, lines and columns count from 1. */
export interface LanguageService {
  diagnostics(source: string): Promise<readonly Diagnostic[]>;
  complete(source: string, position: number): Promise<Completions | undefined>;
  hover(source: string, position: number): Promise<Hover | undefined>;
}

export const typescript = new Trusted<Language>(
  'TypeScript',
  () => new Worker(new URL('./language-worker.ts', import.meta.url), { type: 'module' }),
);

/** For a file whose default export makes a policy of this kind. */
export function languageService(kind: PolicyKind): LanguageService {
  return {
    diagnostics: (source) => typescript.ask((language) => language.diagnostics(source, kind)),
    complete: (source, position) => typescript.ask((language) => language.complete(source, kind, position)),
    hover: (source, position) => typescript.ask((language) => language.hover(source, kind, position)),
  };
}
