import ts from 'typescript';

/** What TypeScript would allow and the sandbox does not. `from` and `to` are offsets in the source. */
export interface Refusal {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

const RANDOM = 'is switched off: draw from ctx.rng, so that the same seed gives the same run.';
const TIME = 'is switched off: the time of the run is ctx.nowUs.';
const NO_BUFFERS = 'is switched off: use an array.';
const NO_BACKGROUND = 'is switched off: a policy answers at once.';
const NO_CODE = 'is switched off: the code that runs is the code you see.';
const INEXACT = 'is switched off: its last digit differs from browser to browser.';
const LOCAL = 'is switched off: it differs from machine to machine.';

const rows = (names: string, reason: string) => names.split(' ').map((name) => [name, reason] as const);

/** What TypeScript's libraries know and the sandbox does not have, and what to use instead. */
const SWITCHED_OFF: ReadonlyMap<string, string> = new Map([
  ['Math.random', RANDOM],
  ['Date', TIME],
  ...rows(
    'ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array',
    NO_BUFFERS,
  ),
  ...rows('Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array', NO_BUFFERS),
  ...rows('Promise WeakRef FinalizationRegistry', NO_BACKGROUND),
  ...rows('eval Function', NO_CODE),
  ['Intl', LOCAL],
  ...rows('Math.sin Math.cos Math.tan Math.asin Math.acos Math.atan Math.atan2 Math.sinh Math.cosh Math.tanh', INEXACT),
  ...rows('Math.asinh Math.acosh Math.atanh Math.cbrt Math.expm1 Math.log1p', INEXACT),
]);

/** The same for members of any object. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['localeCompare', `${LOCAL} Compare with < and >.`],
  ['toLocaleString', `${LOCAL} Use String() or toFixed().`],
  ['toLocaleLowerCase', `${LOCAL} Use toLowerCase().`],
  ['toLocaleUpperCase', `${LOCAL} Use toUpperCase().`],
]);

/** Whether the editor should not offer a name; `before`: the text in front of it. */
export function isSwitchedOff(name: string, before: string): boolean {
  const owner = /(\w+)\s*\.\s*$/.exec(before)?.[1];
  return MEMBERS.has(name) || SWITCHED_OFF.has(owner === undefined ? name : `${owner}.${name}`);
}

/** Names that belong to the guards. */
const GUARDS = '__ballast';

/** All that is refused, in the order of the source. `isLanguage`: whether a file declares the language itself. */
export function refusals(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  isLanguage: (fileName: string) => boolean,
): Refusal[] {
  const found: Refusal[] = [...unchecked(file)];
  const refuse = (node: ts.Node, message: string): number =>
    found.push({ from: node.getStart(file), to: node.end, message });

  function visit(node: ts.Node): void {
    const whole = refusalOf(node);
    if (whole !== undefined) {
      refuse(node, whole);
      return;
    }
    if (ts.isImportDeclaration(node) || isType(node)) return;
    if (ts.isIdentifier(node)) visitName(node);
    ts.forEachChild(node, visit);
  }

  function visitName(node: ts.Identifier): void {
    // The text has no escapes any more: \u005f is _ here.
    if (node.text.startsWith(GUARDS)) {
      refuse(node, `Names that begin with ${GUARDS} belong to the sandbox. Choose another one.`);
      return;
    }
    const member = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    const name = member ? node.parent.getText(file).replace(/\s/g, '') : node.text;
    const reason = SWITCHED_OFF.get(name) ?? (member ? MEMBERS.get(node.text) : undefined);
    if (reason === undefined) return;
    const declared = checker.getSymbolAtLocation(node)?.declarations ?? [];
    if (declared.length === 0 || !declared.every((one) => isLanguage(one.getSourceFile().fileName))) return;
    const shown = member && !name.startsWith('Math.') ? node.text : name;
    refuse(member && shown === name ? node.parent : node, `${shown}${member ? '()' : ''} ${reason}`);
  }

  visit(file);
  return found;
}

/** A comment at the head of the file that would switch all checking off. */
function unchecked(file: ts.SourceFile): Refusal[] {
  const head = file.text.slice(0, file.statements[0]?.getStart(file) ?? file.text.length);
  const match = /\/\/+\s*@ts-nocheck|\/\*[\s*]*@ts-nocheck/i.exec(head);
  if (match === null) return [];
  const message = '@ts-nocheck is switched off here: mistakes are easier to mend where TypeScript shows them.';
  return [{ from: match.index, to: match.index + match[0].length, message }];
}

const ONLY_TYPES =
  'Imports are switched off here. Only `import type { … } from "ballast"` is possible: it leaves no code behind.';
const ENUM = 'Enums are switched off here. Write an object: `const Color = { red: 0, blue: 1 } as const;`.';
const NAMESPACE =
  'Namespaces are switched off here. Write its functions and constants without it: a file is one already.';
const ASSERTION = 'Write `value as Type` instead of `<Type>value`.';
const DECORATOR = 'Decorators are switched off here: browsers do not have them. Call the function yourself.';
const ACCESSOR = 'accessor fields are switched off here: browsers do not have them. Write `get` and `set`.';
const THEN = 'A file that exports `then` is taken for a promise. Choose another name.';

/** Why a piece of syntax is refused, whatever stands in it. */
function refusalOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? undefined : ONLY_TYPES;
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) return ONLY_TYPES;
  if (ts.isImportEqualsDeclaration(node)) return ONLY_TYPES;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return ONLY_TYPES;
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return `import.meta ${NO_CODE}`;
  if (ts.isAwaitExpression(node)) return `await ${NO_BACKGROUND}`;
  if (ts.isForOfStatement(node) && node.awaitModifier) return `for await ${NO_BACKGROUND}`;
  return exportsThen(node) ? THEN : leavesCode(node);
}

/** Syntax that does not vanish with the types, and what to write instead. */
function leavesCode(node: ts.Node): string | undefined {
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword))
    return undefined;
  if (ts.isEnumDeclaration(node)) return ENUM;
  if (ts.isModuleDeclaration(node)) return NAMESPACE;
  if (ts.isTypeAssertionExpression(node)) return ASSERTION;
  if (ts.isDecorator(node)) return DECORATOR;
  return ts.isAutoAccessorPropertyDeclaration(node) ? ACCESSOR : undefined;
}

function exportsThen(node: ts.Node): boolean {
  if (ts.isExportSpecifier(node)) return node.name.text === 'then';
  if (!ts.isFunctionDeclaration(node) && !ts.isVariableDeclaration(node) && !ts.isClassDeclaration(node)) return false;
  if (node.name === undefined || !ts.isIdentifier(node.name) || node.name.text !== 'then') return false;
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0 && ts.isSourceFile(statement.parent);
}

/** Types name what they like. */
function isType(node: ts.Node): boolean {
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
}
