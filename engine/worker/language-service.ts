import ts from 'typescript';
import type { Instrumented } from '../grade/instrumented.ts';
import type { PolicyKind } from '../grade/kata.ts';
import { KINDS } from '../grade/policy-kinds.ts';
import { instrument } from './instrument.ts';
import { isSwitchedOff, refusals } from './refusals.ts';

/** Something wrong with the source. `from` and `to` are offsets in it; line and column count from 1. */
export interface Diagnostic {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** `from` is where the word being completed begins. */
export interface Completions {
  readonly from: number;
  readonly options: readonly { readonly label: string; readonly kind: string; readonly detail: string }[];
}

/** What stands at a position: its type in TypeScript, and its documentation as plain text. */
export interface Hover {
  readonly from: number;
  readonly to: number;
  readonly type: string;
  readonly documentation: string;
}

export interface Language {
  diagnostics(source: string, kind: PolicyKind): readonly Diagnostic[];
  complete(source: string, kind: PolicyKind, position: number): Completions | undefined;
  hover(source: string, kind: PolicyKind, position: number): Hover | undefined;
  /** Ready for the sandbox; call it only when `diagnostics` has no error. */
  instrument(source: string, options: { readonly marks: boolean }): Instrumented;
}

const FILE = '/learner.ts';
const TYPES = '/ballast.ts';
const GLOBALS = '/globals.d.ts';
const CONTRACT = '/contract.ts';
const LIBRARIES = '/lib/';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  paths: { ballast: [TYPES] },
  noEmit: true,
  strict: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
};

/** The only thing of the sandbox that the language itself does not have. */
const GLOBALS_SOURCE = `
interface Console {
  /** Writes to the console beside the editor. At most 200 lines per run are kept. */
  log(...values: readonly unknown[]): void;
}
declare const console: Console;
`;

/** Checks what \`export default\` answers, also where the learner wrote no type there. */
function contractSource(kind: PolicyKind): string {
  const { contract } = KINDS[kind];
  return `
import type { ${contract} } from 'ballast';
import make from './learner.ts';
export const factory: (options: never) => ${contract} = make;
`;
}

/**
 * TypeScript for one learner's file.
 * `libraries`: TypeScript's own declaration files of the language (lib.es….d.ts) by file name; without the DOM, so `fetch` is unknown.
 * `policyTypes`: the text of engine/core/policy.ts, which the learner imports as "ballast".
 */
export function createLanguage(libraries: ReadonlyMap<string, string>, policyTypes: string): Language {
  const files = new Map<string, string>([
    [FILE, ''],
    [TYPES, policyTypes],
    [GLOBALS, GLOBALS_SOURCE],
    [CONTRACT, ''],
  ]);
  for (const [name, text] of libraries) files.set(LIBRARIES + name, text);
  const versions = new Map<string, number>();

  const service = ts.createLanguageService(hostOf(files, versions));

  function write(name: string, text: string): void {
    if (files.get(name) === text) return;
    files.set(name, text);
    versions.set(name, (versions.get(name) ?? 0) + 1);
  }

  function load(source: string, kind: PolicyKind): { program: ts.Program; file: ts.SourceFile } {
    write(FILE, source);
    write(CONTRACT, contractSource(kind));
    const program = service.getProgram();
    const file = program?.getSourceFile(FILE);
    if (program === undefined || file === undefined)
      throw new Error('TypeScript has no program for the learner’s file.');
    return { program, file };
  }

  return {
    diagnostics(source, kind) {
      const { program, file } = load(source, kind);
      const at = (from: number, to: number, severity: Diagnostic['severity'], message: string): Diagnostic => {
        const { line, character } = file.getLineAndCharacterOfPosition(from);
        return { from, to, line: line + 1, column: character + 1, severity, message };
      };
      const said = (all: readonly ts.Diagnostic[]): Diagnostic[] =>
        all
          .filter(({ code }) => !WITHOUT_TYPE.has(code))
          .map((diagnostic) => {
            const { start = 0, length = 0, category } = diagnostic;
            return at(
              start,
              start + length,
              category === ts.DiagnosticCategory.Error ? 'error' : 'warning',
              messageOf(diagnostic),
            );
          });

      const syntax = said(service.getSyntacticDiagnostics(FILE));
      if (syntax.length > 0) return syntax;
      const own = refusals(file, program.getTypeChecker(), isLanguage).map(({ from, to, message }) =>
        at(from, to, 'error', message),
      );
      const types = said(service.getSemanticDiagnostics(FILE)).filter(
        (diagnostic) => !own.some(({ from, to }) => diagnostic.from >= from && diagnostic.to <= to),
      );
      const all = [...own, ...types].sort((a, b) => a.from - b.from);
      if (all.some((diagnostic) => diagnostic.severity === 'error')) return all;
      const [broken] = service.getSemanticDiagnostics(CONTRACT);
      if (broken === undefined) return all;
      const exported = defaultExport(file);
      return [
        at(exported?.getStart(file) ?? 0, exported?.end ?? 0, 'error', contractMessage(kind, exported, broken)),
        ...all,
      ];
    },

    complete(source, kind, position) {
      load(source, kind);
      const found = service.getCompletionsAtPosition(FILE, position, { includeCompletionsForModuleExports: false });
      if (found === undefined) return undefined;
      const typed = /[\p{ID_Continue}$]*$/u.exec(source.slice(0, position))?.[0].length ?? 0;
      return {
        from: found.optionalReplacementSpan?.start ?? position - typed,
        options: found.entries
          .filter((entry) => !isSwitchedOff(entry.name, source.slice(0, position - typed)))
          .map((entry) => ({ label: entry.name, kind: entry.kind, detail: entry.labelDetails?.detail ?? '' })),
      };
    },

    hover(source, kind, position) {
      load(source, kind);
      const info = service.getQuickInfoAtPosition(FILE, position);
      if (info === undefined) return undefined;
      return {
        from: info.textSpan.start,
        to: info.textSpan.start + info.textSpan.length,
        type: ts.displayPartsToString(info.displayParts),
        documentation: ts.displayPartsToString(info.documentation),
      };
    },

    instrument(source, options) {
      return instrument(ts.createSourceFile(FILE, source, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS), options);
    },
  };
}

/**
 * TypeScript's codes for a parameter without a type: how a first attempt looks, and no mistake. (The option for it would also make every empty list one
 * that nothing can be put in.)
 */
const WITHOUT_TYPE: ReadonlySet<number> = new Set([7006, 7019, 7031]);

/** Declared by the language itself, not by the learner. */
function isLanguage(file: string): boolean {
  return file.startsWith(LIBRARIES);
}

/** What browsers have beside the language, and why it is not here. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [
    /^(fetch|XMLHttpRequest|WebSocket|EventSource|require|importScripts)$/,
    'There is no network here, and nothing to load.',
  ],
  [
    /^(set(Timeout|Interval|Immediate)|queueMicrotask|performance)$/,
    'There are no timers here: the engine calls a policy.',
  ],
  [
    /^(document|window|self|navigator|localStorage|process|alert)$/,
    'There is no page here: a policy knows what it is handed.',
  ],
];

function messageOf({ messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  const [start, name = ''] = /^Cannot find name '(\w+)'\./.exec(message) ?? [];
  const why = NOT_HERE.find(([names]) => names.test(name));
  return start && why ? `${start} ${why[1]}` : message;
}

function hostOf(files: ReadonlyMap<string, string>, versions: ReadonlyMap<string, number>): ts.LanguageServiceHost {
  const snapshots = new Map<string, { text: string; snapshot: ts.IScriptSnapshot }>();
  return {
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [FILE, GLOBALS, CONTRACT],
    getScriptVersion: (name) => String(versions.get(name) ?? 0),
    getScriptSnapshot(name) {
      const text = files.get(name);
      if (text === undefined) return undefined;
      const known = snapshots.get(name);
      if (known?.text === text) return known.snapshot;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      snapshots.set(name, { text, snapshot });
      return snapshot;
    },
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => `${LIBRARIES}lib.es2023.d.ts`,
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name),
    directoryExists: (name) => name === '/' || name === '/lib',
  };
}

function defaultExport(file: ts.SourceFile): ts.Node | undefined {
  return file.statements.find(
    (statement) =>
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)),
  );
}

function contractMessage(kind: PolicyKind, exported: ts.Node | undefined, broken: ts.Diagnostic): string {
  const name = KINDS[kind].contract;
  if (exported === undefined) return `Nothing is exported: write \`export default function name(): ${name} { … }\`.`;
  return `The default export must be a function that answers a ${name}. ${messageOf(broken)}`;
}
