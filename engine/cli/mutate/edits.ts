/**
 * Small mistakes that could have been made in a source: each is one edit. What they are stands in `mutators` below, one for each kind of code; a source with
 * one of them put in is a mutant, and the checks of a kata should see that it is wrong.
 */
import ts from 'typescript';

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Mutator = (node: ts.Node, file: ts.SourceFile) => readonly Edit[];

/** By the operator's text: what it may have been confused with. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  // The boundary, then the opposite.
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

const FUNCTIONS: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  some: 'every',
  every: 'some',
};

const mutators: readonly Mutator[] = [
  operators,
  functions,
  steps,
  negations,
  conditions,
  numbers,
  lengths,
  texts,
  truths,
  removals,
  returns,
];

/**
 * Every edit of the source, in the order of their places. Not all leave something that compiles. Functions that stand word for word in `given`, the starter,
 * are no part of the answer.
 */
export function editsOf(source: string, given = ''): Edit[] {
  const file = ts.createSourceFile('solution.ts', source, ts.ScriptTarget.ES2023, true);
  const edits: Edit[] = [];
  visit(file);
  return edits.toSorted((a, b) => a.from - b.from || a.to - b.to);

  function visit(node: ts.Node): void {
    if (isOutside(node) || (ts.isFunctionDeclaration(node) && given.includes(node.getText(file)))) return;
    edits.push(...mutators.flatMap((mutator) => mutator(node, file)));
    ts.forEachChild(node, visit);
  }
}

export function applied(source: string, { from, to, text }: Edit): string {
  return source.slice(0, from) + text + source.slice(to);
}

/** Types and imports: nothing of them runs. */
function isOutside(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node)
  );
}

function replace(node: ts.Node, file: ts.SourceFile, text: string): Edit {
  return { from: node.getStart(file), to: node.end, text };
}

function operators(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (!ts.isBinaryExpression(node)) return [];
  const { operatorToken } = node;
  return (OPERATORS[operatorToken.getText(file)] ?? []).map((text) => replace(operatorToken, file, text));
}

function functions(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (!ts.isPropertyAccessExpression(node) || !ts.isCallExpression(node.parent)) return [];
  const other = FUNCTIONS[node.name.text];
  return other === undefined ? [] : [replace(node.name, file, other)];
}

/** `i++` counts down. */
function steps(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (!ts.isPostfixUnaryExpression(node) && !ts.isPrefixUnaryExpression(node)) return [];
  const other = { '++': '--', '--': '++' }[ts.tokenToString(node.operator) ?? ''];
  const operand = node.operand.getText(file);
  return other === undefined
    ? []
    : [replace(node, file, ts.isPrefixUnaryExpression(node) ? other + operand : operand + other)];
}

/** `!a` and `-a` without their sign. */
function negations(node: ts.Node, file: ts.SourceFile): Edit[] {
  const isSigned =
    ts.isPrefixUnaryExpression(node) &&
    (node.operator === ts.SyntaxKind.ExclamationToken || node.operator === ts.SyntaxKind.MinusToken);
  return isSigned ? [replace(node, file, node.operand.getText(file))] : [];
}

/** What decides is turned round, or decides nothing. */
function conditions(node: ts.Node, file: ts.SourceFile): Edit[] {
  const condition =
    ts.isIfStatement(node) || ts.isWhileStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node) || (ts.isForStatement(node) && node.condition)
        ? node.condition
        : undefined;
  if (!condition) return [];
  return [`!(${condition.getText(file)})`, 'true', 'false'].map((text) => replace(condition, file, text));
}

/** One more and one less. */
function numbers(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (!ts.isNumericLiteral(node)) return [];
  const value = Number(node.text);
  return [value + 1, value - 1].map((other) => replace(node, file, other < 0 ? `(${other})` : String(other)));
}

/** The length, one off. */
function lengths(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (!ts.isPropertyAccessExpression(node) || !['length', 'size'].includes(node.name.text)) return [];
  return ['+', '-'].map((sign) => replace(node, file, `(${node.getText(file)} ${sign} 1)`));
}

function texts(node: ts.Node, file: ts.SourceFile): Edit[] {
  return ts.isStringLiteral(node) && node.text !== '' ? [replace(node, file, `''`)] : [];
}

function truths(node: ts.Node, file: ts.SourceFile): Edit[] {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [replace(node, file, 'false')];
  return node.kind === ts.SyntaxKind.FalseKeyword ? [replace(node, file, 'true')] : [];
}

/** A statement that was forgotten; declarations are not, as what follows would not compile. */
function removals(node: ts.Node, file: ts.SourceFile): Edit[] {
  const isForgotten =
    ts.isExpressionStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isIfStatement(node) ||
    ts.isIterationStatement(node, false) ||
    ts.isBreakOrContinueStatement(node);
  return isForgotten ? [replace(node, file, ';')] : [];
}

/** Nothing instead of what was worked out. */
function returns(node: ts.Node, file: ts.SourceFile): Edit[] {
  const answer = ts.isReturnStatement(node)
    ? node.expression
    : ts.isArrowFunction(node) && !ts.isBlock(node.body)
      ? node.body
      : undefined;
  return answer === undefined || answer.getText(file) === 'undefined' ? [] : [replace(answer, file, 'undefined')];
}
