/** The rungs of a kata's help, as Markdown; the skeleton is code. */
export interface Hints {
  readonly nudge: string;
  readonly misconception: string;
  readonly skeleton: { readonly words: string; readonly code: string };
}

/**
 * Reads katas/<slug>/hints.md: three sections, `## Nudge`, `## Misconception`, `## Skeleton`, the last with one block of TypeScript.
 * @throws Error that names the file, the section, what was found and what was expected.
 */
export function parseHints(text: string, file: string): Hints {
  const sections = new Map<string, string>();
  for (const part of text.split(/^## /m).slice(1)) {
    const [title = '', ...lines] = part.split('\n');
    sections.set(title.trim(), lines.join('\n').trim());
  }
  const section = (name: string) => {
    const found = sections.get(name);
    if (found !== undefined && found !== '') return found;
    const has = [...sections.keys()].map((title) => `"## ${title}"`).join(', ') || 'no sections';
    throw new Error(
      `${file}: expected a section "## ${name}" with text, found ${has}. Add it: the help beside the editor shows it.`,
    );
  };
  const skeleton = section('Skeleton');
  const block = /^```ts\n([\s\S]*?)^```$/m.exec(skeleton);
  if (!block)
    throw new Error(`${file}, section "## Skeleton": expected a block of code that starts with \`\`\`ts, found none.`);
  return {
    nudge: section('Nudge'),
    misconception: section('Misconception'),
    skeleton: { words: skeleton.slice(0, block.index).trim(), code: block[1]!.trimEnd() },
  };
}
