/** How a command line falls into words. Quotes and backslashes as in a POSIX shell; no variables, globs or pipes. */

export interface Word {
  readonly text: string;
  /** Where it stands in the line, quotes included. */
  readonly start: number;
  readonly end: number;
}

export interface Words {
  readonly words: readonly Word[];
  /** A quote that is not closed; a line that ends in a backslash leaves `\` open. */
  readonly open?: '"' | "'" | '\\';
}

/**
 * Between single quotes every character stands for itself. Between double quotes a backslash protects `"` and `\`;
 * outside quotes it protects any character.
 */
export function splitWords(line: string): Words {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const start = at;
    let text = '';
    while (at < line.length && !/\s/.test(line[at]!)) {
      const part = readPart(line, at);
      text += part.text;
      at = part.end;
      if (part.open !== undefined) return { words: [...words, { text, start, end: at }], open: part.open };
    }
    words.push({ text, start, end: at });
  }
  return { words };
}

interface Part {
  readonly text: string;
  readonly end: number;
  readonly open?: Words['open'] & string;
}

/** One quoted stretch, one protected character, or one plain character. */
function readPart(line: string, at: number): Part {
  const first = line[at]!;
  if (first === '\\') {
    return at + 1 < line.length ? { text: line[at + 1]!, end: at + 2 } : { text: '', end: at + 1, open: '\\' };
  }
  if (first !== '"' && first !== "'") return { text: first, end: at + 1 };

  let text = '';
  for (let next = at + 1; next < line.length; next++) {
    if (line[next] === first) return { text, end: next + 1 };
    const protects = first === '"' && line[next] === '\\' && /["\\]/.test(line[next + 1] ?? '');
    if (protects) next++;
    text += line[next]!;
  }
  return { text, end: line.length, open: first };
}
