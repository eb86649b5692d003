import { KINDS } from '../../grade/policy-kinds.ts';
import type { PolicyKind } from '../../grade/policy-kinds.ts';
import { SKETCHES } from './sketches.ts';
import type { Sketch } from './sketches.ts';
import { titleOf } from './words.ts';
import { worldFor } from './worlds.ts';

export interface NewKata {
  readonly slug: string;
  readonly number: number;
  readonly title: string;
  readonly kind: PolicyKind;
  /** The slug of the lesson it follows from. */
  readonly lesson: string;
}

/** Of every suite so many as a kata needs. */
const RATES = { visible: [20, 50, 80], hidden: [15, 30, 40, 60, 70, 90] } as const;

/** The files of the folder, by their path in it. Every text that an author has to write starts with "Fill in". */
export function kataFiles(kata: NewKata): ReadonlyMap<string, string> {
  const { kind } = kata;
  const code = new Code(kata);
  const sketch = SKETCHES[kind];
  return new Map([
    ['kata.mdx', brief(kata, sketch)],
    ['starter.ts', code.file(code.idle(sketch.idle))],
    ['solution.ts', code.file(code.right(), 'Fill in: the idea in one sentence, for who has solved it.')],
    ['checks.ts', checks(sketch)],
    ['hints.md', hints(code)],
    ...scenarios(kind),
    ...mutants(code, sketch),
    ['alternatives/as-an-arrow.ts', code.arrow()],
    ['alternatives/in-two-steps.ts', code.inTwoSteps()],
  ]);
}

function brief({ title, number, kind, lesson }: NewKata, { fails }: Sketch): string {
  return `---
title: ${title}
number: ${number}
policy: ${kind}
lesson: ${lesson}
starterFails: '${fails}'
---

Fill in: what to build, in words a beginner knows, with what the factory is handed and what each call is for.

## What must hold

- Fill in: a line for each check, in the order of checks.ts.
`;
}

function checks({ checks: all }: Sketch): string {
  const names = all.map((one) => one.slice(0, one.indexOf('(')));
  return `import { ${names.join(', ')} } from 'ballast';
import type { Check } from 'ballast';

// Fill in: why these, and where each number comes from. The list of checks is in engine/grade/README.md.
export const checks: readonly Check[] = [${all.join(', ')}];
`;
}

function hints(code: Code): string {
  return `## Nudge

Fill in: a question that leads to the idea.

## Misconception

Fill in: what most who fail believe, and what speaks against it.

## Skeleton

\`\`\`ts
${code.declared(code.idle('// Fill in: the steps, as comments.'))}
\`\`\`
`;
}

function scenarios(kind: PolicyKind): [string, string][] {
  return (['visible', 'hidden'] as const).flatMap((suite) =>
    RATES[suite].map((rate, at): [string, string] => {
      const name = `at-${rate}-a-second`;
      return [`scenarios/${suite}-${at + 1}-${name}.json`, JSON.stringify(worldFor(kind, name, rate), null, 2)];
    }),
  );
}

/** Mistakes that every kind of policy can make, until there are plausible ones. */
function mutants(code: Code, { call, idle, fails }: Sketch): [string, string][] {
  const name = `${call.slice(0, call.indexOf('('))}()`;
  const mistakes: [file: string, what: string, fails: string, body: string][] = [
    ['does-nothing', 'the starter is enough.', fails, idle],
    ['throws', 'an error is an answer.', `Threw: ${name} ended with an error`, `throw new Error('no answer');`],
    ['never-ends', 'a loop ends by itself.', `Ran too long: ${name}`, `let n = 0;\nwhile (n >= 0) n += 1;\n${idle}`],
    [
      'calls-itself',
      'who calls itself comes back.',
      `Ran too long: ${name}`,
      `const again = (): number => again() + 1;\nagain();\n${idle}`,
    ],
  ];
  return mistakes.map(([file, what, title, body]) => [
    `mutants/${file}.ts`,
    code.file(
      code.idle(body),
      `@misconception Fill in a plausible mistake instead of this one: ${what}\n@fails ${title}`,
    ),
  ]);
}

/** The same factory in several forms. */
class Code {
  private readonly name: string;
  private readonly contract: string;
  private readonly sketch: Sketch;

  constructor({ slug, kind }: NewKata) {
    this.name = titleOf(slug)
      .split(' ')
      .map((word, at) => (at === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
      .join('')
      .replace(/^(?=\d)/, 'kata');
    this.contract = KINDS[kind].contract;
    this.sketch = SKETCHES[kind];
  }

  /** A factory whose first call has this body. */
  idle(body: string): string {
    const { call, others = '' } = this.sketch;
    return `return {\n${call} {\n${body}\n},\n${others}\n};`;
  }

  right(): string {
    const { remembers = '', right } = this.sketch;
    return `${remembers}\n\nreturn {\n${right}\n};`;
  }

  declared(body: string): string {
    return `export default function ${this.name}(${this.parameter(body)}): ${this.contract} {\n${body}\n}`;
  }

  file(body: string, comment = ''): string {
    return `${this.head(body, comment)}${this.declared(body)}\n`;
  }

  arrow(): string {
    const body = this.right();
    const comment = 'Fill in: another right idea. This one only has another form.';
    const made = `const ${this.name} = (${this.parameter(body)}): ${this.contract} => {\n${body}\n};`;
    return `${this.head(body, comment)}${made}\n\nexport default ${this.name};\n`;
  }

  inTwoSteps(): string {
    const { remembers = '', right } = this.sketch;
    const body = `${remembers}\n\nconst policy: ${this.contract} = {\n${right}\n};\nreturn policy;`;
    return this.file(body, 'Fill in: a second right idea. This one only has another form.');
  }

  private head(body: string, comment: string): string {
    const { types } = this.sketch;
    const wanted = ['Backend', ...(types === undefined ? [] : [types])];
    const used = wanted.filter((type) => new RegExp(`\\b${type}\\b`).test(body));
    const lines = comment.split('\n');
    const above = lines.length > 1 ? `/**\n${lines.map((line) => ` * ${line}`).join('\n')}\n */\n` : '';
    const beside = lines.length === 1 && comment !== '' ? `/** ${comment} */\n` : '';
    return `${above}import type { ${[this.contract, ...used].join(', ')} } from 'ballast';\n\n${beside}`;
  }

  /** What it is handed, by the names that are used in it. */
  private parameter(body: string): string {
    const { options } = this.sketch;
    if (options === undefined) return '';
    const names = [...options.matchAll(/(\w+):/g)].map(([, name]) => name!);
    const used = names.filter((name) => new RegExp(`\\b${name}\\b(?!\\()`).test(body.replaceAll(`${name}:`, '')));
    return `{ ${(used.length > 0 ? used : names).join(', ')} }: ${options}`;
  }
}
