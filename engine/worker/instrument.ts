import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import { GUARD } from '../grade/instrumented.ts';
import type { Instrumented, Site } from '../grade/instrumented.ts';

/**
 * Turns a learner's TypeScript into JavaScript that counts its steps and says which line returned. Types are blanked, fields declared in a constructor's
 * parameters are assigned, and guards are put in without a line break, so every line keeps its number. The file must be free of syntax errors.
 *
 * `marks` adds a marker before each statement: slow, for finding the line of code that got stuck.
 */
export function instrument(file: ts.SourceFile, options: { marks: boolean }): Instrumented {
  const blanked = blank(file);
  const { inserts, sites } = collect(file, blanked, options.marks);
  inserts.sort((a, b) => a.at - b.at || a.order - b.order);

  let js = '';
  let from = 0;
  const insertions: { line: number; column: number; width: number }[] = [];
  for (const { at, text } of inserts) {
    js += blanked.slice(from, at) + text;
    from = at;
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    insertions.push({ line: line + 1, column: character + 1, width: text.length });
  }
  return { js: js + blanked.slice(from), sites, insertions };
}

/** Without types, and without what makes a parameter of a constructor a field: `private readonly n: number` ends as `n`, in its place. */
function blank(file: ts.SourceFile): string {
  const modifiers: ts.Node[] = [];
  const blanked = blankSourceFile(file, (kept) => modifiers.push(kept));
  return modifiers
    .filter(({ parent }) => ts.isParameter(parent))
    .reduce(
      (text, { pos, end }) => text.slice(0, pos) + text.slice(pos, end).replace(/\S/g, ' ') + text.slice(end),
      blanked,
    );
}

interface Insert {
  readonly at: number;
  /** Texts at one place: closing ones first, inner before outer; then opening ones, outer before inner. Parents are visited first. */
  readonly order: number;
  readonly text: string;
}

function collect(file: ts.SourceFile, blanked: string, marks: boolean): { inserts: Insert[]; sites: Site[] } {
  const inserts: Insert[] = [];
  const sites: Site[] = [];
  let count = 0;

  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
  const open = (at: number, text: string): number => inserts.push({ at, order: (count += 1), text });
  const close = (at: number, text: string): number => inserts.push({ at, order: -(count += 1), text });
  /** Where an expression ends in the blanked text: `x as T` ends with x. */
  const endOf = (node: ts.Node): number =>
    node.getStart(file) + blanked.slice(node.getStart(file), node.end).replace(/[\s;]+$/, '').length;

  /** Makes an expression the last argument of a call that is already open. */
  const wrap = (node: ts.Expression, call: string): void => {
    open(node.getStart(file), `${call}(`);
    close(endOf(node), '))');
  };

  const site = (kind: Site['kind'], node: ts.Node, outer: number): number =>
    sites.push({ kind, line: lineOf(node.getStart(file)), outer }) - 1;
  const step = (index: number): string => `${GUARD.step}(${index});`;

  function visit(node: ts.Node, loop: number): void {
    if (isErased(node)) return;
    if (marks && isMarked(node)) open(node.getStart(file), `${GUARD.mark}(${lineOf(node.getStart(file))});`);
    if (ts.isFunctionLike(node)) {
      visitFunction(node as ts.SignatureDeclaration & { body?: ts.Node });
      return;
    }
    if (ts.isIterationStatement(node, false)) {
      visitLoop(node, loop);
      return;
    }
    if (ts.isCatchClause(node)) open(node.block.getStart(file) + 1, step(site('catch', node, loop)));
    if (ts.isReturnStatement(node)) markReturn(node);
    if (ts.isCallExpression(node)) watchGrowth(node);
    if (ts.isSpreadElement(node)) wrap(node.expression, `${GUARD.spread}(`);
    ts.forEachChild(node, (child) => visit(child, loop));
  }

  function visitFunction(node: ts.SignatureDeclaration & { body?: ts.Node }): void {
    const { body } = node;
    // A type, an overload or an abstract method: nothing that runs.
    if (body === undefined) return;
    const index = site('function', node, -1);
    if (ts.isBlock(body)) {
      open(body.getStart(file) + 1, step(index));
      if (ts.isConstructorDeclaration(node)) assignFields(node, body);
      const last = body.statements.at(-1);
      if (last === undefined || !(ts.isReturnStatement(last) || ts.isThrowStatement(last))) {
        close(body.end - 1, `;${GUARD.at}(${lineOf(body.end - 1)});`);
      }
    } else {
      const start = body.getStart(file);
      open(start, `${GUARD.at}(${lineOf(start)},(${GUARD.step}(${index}),(`);
      close(endOf(body), ')))');
    }
    ts.forEachChild(node, (child) => visit(child, -1));
  }

  /** `constructor(private n: number) {}` declares a field, and the constructor begins with its assignment: behind `super(…)`, if there is one. */
  function assignFields(node: ts.ConstructorDeclaration, body: ts.Block): void {
    const fields = node.parameters.filter((one) => ts.isParameterPropertyDeclaration(one, node));
    if (fields.length === 0) return;
    const names = fields.map(({ name }) => name.getText(file));
    const parent = body.statements.find(isSuperCall);
    open(parent?.end ?? body.getStart(file) + 1, names.map((name) => `;this.${name}=${name};`).join(''));
  }

  function visitLoop(node: ts.IterationStatement, outer: number): void {
    const index = site('loop', node, outer);
    const body = node.statement;
    const start = body.getStart(file);
    if (ts.isBlock(body)) {
      open(start + 1, step(index));
    } else {
      open(start, `{${step(index)}`);
      close(body.end, '}');
    }
    ts.forEachChild(node, (child) => visit(child, index));
  }

  /** Only of what can be named twice without running anything. */
  function watchGrowth({ expression, arguments: [first] }: ts.CallExpression): void {
    if (first === undefined || ts.isSpreadElement(first) || !ts.isPropertyAccessExpression(expression)) return;
    const { expression: kept, name } = expression;
    if (GROWS.has(name.text) && isName(kept)) wrap(first, `${GUARD.grows}(${kept.getText(file)},`);
  }

  function markReturn(node: ts.ReturnStatement): void {
    const line = lineOf(node.getStart(file));
    if (node.expression === undefined) {
      open(node.getStart(file) + 'return'.length, ` ${GUARD.at}(${line})`);
    } else {
      wrap(node.expression, `${GUARD.at}(${line},`);
    }
  }

  visit(file, -1);
  return { inserts, sites };
}

/** Methods that make a list, a Map or a Set longer. */
const GROWS = new Set(['push', 'unshift', 'set', 'add']);

/** `all`, `this.all`, `state.all`. */
function isName(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(node) && node.questionDotToken === undefined && isName(node.expression);
}

function isSuperCall(node: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(node) &&
    ts.isCallExpression(node.expression) &&
    node.expression.expression.kind === ts.SyntaxKind.SuperKeyword
  );
}

/** A type, or `declare …`: blanked whole. */
function isErased(node: ts.Node): boolean {
  if (ts.isTypeNode(node)) return !ts.isExpressionWithTypeArguments(node);
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}

/** A statement in a block, before which another statement may stand. */
function isMarked(node: ts.Node): boolean {
  if (!ts.isStatement(node) || ts.isBlock(node) || ts.isImportDeclaration(node) || ts.isExportAssignment(node))
    return false;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return false;
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return false;
  const { parent } = node;
  return ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent);
}
