/**
 * JavaScript's own messages in words of ours: Chromium and Firefox say the same thing differently, and neither says it to a beginner. What is in
 * no row stays as it was written, as it is the learner's own error or nearly the same everywhere.
 */
export function inOurWords(message: string): string {
  for (const [said, words] of KNOWN) {
    const match = said.exec(message);
    if (match) return words(...(match.slice(1) as (string | undefined)[]));
  }
  return message;
}

const READ_ONLY = 'Backends, requests and outcomes are read-only: keep your own state in a Map.';

/** What browsers say, as Chromium | Firefox, and what it means. */
const KNOWN: readonly (readonly [RegExp, (...found: (string | undefined)[]) => string])[] = [
  [
    /^Cannot read properties of (undefined|null) \(reading '(.+?)'\)$/,
    (what, name) => `\`${name}\` was asked of something that is ${what}. Is there always an element at that place?`,
  ],
  [
    /^Cannot set properties of (undefined|null) \(setting '(.+?)'\)$/,
    (what, name) => `\`${name}\` was asked of something that is ${what}. Is there always an element at that place?`,
  ],
  [
    /^can't access property (?:"(.+?)"|\S+), .+ is (undefined|null)$/,
    (name, what) => `\`${name}\` was asked of something that is ${what}. Is there always an element at that place?`,
  ],
  [
    /^Cannot set property (\S+) of .+ which has only a getter$|^setting getter-only property "(.+?)"$/,
    (a, b) => `\`${a ?? b}\` cannot be written to. ${READ_ONLY}`,
  ],
  [
    /^Cannot assign to read only property '(.+?)' of .+$|^"(.+?)" is read-only$/,
    (a, b) => `\`${a ?? b}\` cannot be written to. ${READ_ONLY}`,
  ],
  [
    /^Cannot add property (\S+), object is not extensible$|^can't define property "(.+?)": .+ is not extensible$/,
    (a, b) => `\`${a ?? b}\` cannot be added to this object. ${READ_ONLY}`,
  ],
  [
    /^Cannot delete property '(.+?)' of .+$|^property "(.+?)" is non-configurable and can't be deleted$/,
    (a, b) => `\`${a ?? b}\` cannot be deleted. ${READ_ONLY}`,
  ],
  [
    /^Cannot access '(.+?)' before initialization$|^can't access lexical declaration '(.+?)' before initialization$/,
    (a, b) => `\`${a ?? b}\` is used above the line that makes it.`,
  ],
  [
    /^Assignment to constant variable\.$|^invalid assignment to const '.+?'$/,
    () => 'A const was given another value. Declare it with let.',
  ],
  [
    /^reduce of empty array with no initial value$/i,
    () => 'reduce() met an empty list and no initial value. Give it one as second argument.',
  ],
  [/^(.+?) is not a function(?:$| or its return value is not iterable$)/, (name) => `\`${name}\` is not a function.`],
  [
    /^(.+?) is not iterable(?: \(cannot read property Symbol\(Symbol\.iterator\)\))?$/,
    (name) => `\`${name}\` is no list, so it cannot be gone through or spread.`,
  ],
  [/^(\S+) is not defined$/, (name) => `There is nothing called \`${name}\` here.`],
  [
    /^Cannot convert a BigInt value to a number$|^can't convert BigInt to number$|^Cannot mix BigInt and other types.*/,
    () => 'A BigInt and a number do not mix. Use numbers alone.',
  ],
];
