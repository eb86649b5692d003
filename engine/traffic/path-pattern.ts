/**
 * Regular expressions for paths that cannot be made to run away: all ways through the pattern are followed at once, one character after another, so matching takes
 * time in proportion to path times pattern, whatever both are. The whole path has to match.
 *
 * It knows: characters, `.`, sets such as `[a-z_]` and `[^/]`, `\d` `\w` `\s`, groups, `|`, `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`. It has no look-around and no
 * references back, which is what makes this possible.
 *
 * Cost: O(path x states) a match. Memory: one state a character; a pattern has at most 500 of them, a path more than 4,096 characters matches none.
 *
 * Source: Thompson, "Regular expression search algorithm", Communications of the ACM 11(6), 1968.
 *
 * Real systems: Envoy's `safe_regex` is RE2, of this family, and matches the whole path. nginx and HAProxy use PCRE, which goes back and tries again: a pattern such as
 * `(a+)+b` costs them exponential time, and there a match may lie anywhere in the path unless `^` and `$` bind it.
 */
const MOST_STATES = 500;
const LONGEST_PATH = 4_096;

type Test = (code: number) => boolean;

/** A state eats one character that passes `test`, or none and goes on both ways. */
interface State {
  test: Test | undefined;
  next: number;
  other: number;
}

const END = -1;
const NOWHERE = -2;

export class PatternError extends Error {
  override name = 'PatternError';
}

/** Throws a PatternError for a pattern that is malformed or too large. */
export function pathPattern(source: string): (path: string) => boolean {
  const { states, start } = compile(source);
  const marks = new Int32Array(states.length).fill(-1);
  let here: number[] = [];
  let there: number[] = [];
  let ended = false;

  /** Adds a state, and all it reaches without a character. */
  function add(list: number[], state: number, step: number): void {
    const pending = [state];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (at === END) ended = true;
      if (at < 0 || marks[at] === step) continue;
      marks[at] = step;
      const { test, next, other } = states[at]!;
      if (test === undefined) pending.push(other, next);
      else list.push(at);
    }
  }

  return (path) => {
    if (path.length > LONGEST_PATH) return false;
    marks.fill(-1);
    here.length = 0;
    ended = false;
    add(here, start, 0);
    for (let i = 0; i < path.length; i++) {
      const code = path.charCodeAt(i);
      there.length = 0;
      ended = false;
      for (const at of here) if (states[at]!.test!(code)) add(there, states[at]!.next, i + 1);
      [here, there] = [there, here];
      if (here.length === 0 && i + 1 < path.length) return false;
    }
    return ended;
  };
}

/** A piece of a pattern: made into states that lead on to `next`, it answers the first of them. */
type Piece = (next: number) => number;

function compile(source: string): { readonly states: readonly State[]; readonly start: number } {
  if (source.length > MOST_STATES) throw new PatternError(`it is longer than ${MOST_STATES} characters`);
  const states: State[] = [];
  let copies = 0;
  let at = 0;
  const piece = alternatives();
  if (at < source.length) throw new PatternError(`the ")" at place ${at + 1} closes nothing`);
  return { states, start: piece(END) };

  function state(test: Test | undefined, next: number, other = NOWHERE): number {
    if (states.length === MOST_STATES) throw new PatternError(`it needs more than ${MOST_STATES} states`);
    return states.push({ test, next, other }) - 1;
  }

  function alternatives(): Piece {
    const choices = [sequence()];
    while (source[at] === '|') {
      at++;
      choices.push(sequence());
    }
    return choices.reduce((one, other) => (next) => state(undefined, one(next), other(next)));
  }

  function sequence(): Piece {
    const pieces: Piece[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') pieces.push(repeated(atom()));
    return (next) => pieces.reduceRight((then, piece) => piece(then), next);
  }

  function atom(): Piece {
    const character = source[at++]!;
    if (character === '(') {
      if (source.startsWith('?:', at)) at += 2;
      const inner = alternatives();
      if (source[at++] !== ')') throw new PatternError('a "(" is not closed');
      return inner;
    }
    if ('*+?{'.includes(character)) throw new PatternError(`the "${character}" at place ${at} repeats nothing`);
    if (character === '^' && at === 1) return (next) => next;
    if (character === '$' && at === source.length) return (next) => next;
    const test = character === '[' ? set() : one(character);
    return (next) => state(test, next);
  }

  function one(character: string): Test {
    if (character === '.') return () => true;
    if (character === '\\') return escaped(source[at++]);
    const code = character.charCodeAt(0);
    return (other) => other === code;
  }

  function set(): Test {
    const negated = source[at] === '^';
    if (negated) at++;
    const tests: Test[] = [];
    while (at < source.length && (source[at] !== ']' || tests.length === 0)) tests.push(range());
    if (source[at++] !== ']') throw new PatternError('a "[" is not closed');
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  function range(): Test {
    const first = source[at++]!;
    if (first === '\\') return escaped(source[at++]);
    if (source[at] !== '-' || at + 1 >= source.length || source[at + 1] === ']')
      return (code) => code === first.charCodeAt(0);
    const last = source[at + 1]!;
    at += 2;
    if (last < first) throw new PatternError(`the range ${first}-${last} runs backwards`);
    return (code) => code >= first.charCodeAt(0) && code <= last.charCodeAt(0);
  }

  function repeated(piece: Piece): Piece {
    const sign = source[at];
    if (sign === undefined || !'*+?{'.includes(sign)) return piece;
    const bounds = /^\{(\d+)(,(\d*))?\}/.exec(source.slice(at));
    if (sign === '{' && bounds === null)
      throw new PatternError(`the "{" at place ${at + 1} needs numbers, as in {2,5}`);
    at += bounds === null ? 1 : bounds[0].length;
    const [least, most] =
      bounds === null
        ? TIMES[sign]!
        : [
            Number(bounds[1]),
            bounds[2] === undefined ? Number(bounds[1]) : bounds[3] === '' ? Infinity : Number(bounds[3]),
          ];
    if (most < least || least > MOST_STATES) throw new PatternError(`{${least},${most}} is no number of times`);
    return repeated((next) => times(piece, least, most, next));
  }

  function times(piece: Piece, least: number, most: number, next: number): number {
    let entry = next;
    if (most === Infinity) {
      entry = state(undefined, NOWHERE, next);
      states[entry]!.next = piece(entry);
    } else for (let extra = most - least; extra > 0; extra--) entry = state(undefined, piece(entry), next);
    for (let i = 0; i < least; i++) {
      // Pieces without a character need no states and could otherwise be repeated for ever.
      if (++copies > 10 * MOST_STATES) throw new PatternError('it repeats too often');
      entry = piece(entry);
    }
    return entry;
  }
}

const TIMES: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
};

function escaped(character: string | undefined): Test {
  if (character === undefined) throw new PatternError('it ends in a backslash');
  const digit: Test = (code) => code >= 48 && code <= 57;
  const word: Test = (code) => digit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
  const space: Test = (code) => code === 32 || (code >= 9 && code <= 13);
  const classes: Readonly<Record<string, Test>> = { d: digit, w: word, s: space };
  const known = classes[character.toLowerCase()];
  if (known !== undefined) return character in classes ? known : (code) => !known(code);
  if (/[a-z0-9]/i.test(character)) throw new PatternError(`\\${character} means nothing here`);
  return (code) => code === character.charCodeAt(0);
}
