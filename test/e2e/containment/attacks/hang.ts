/** What no guard counts: one call of a built-in function that does not end, or fills the memory. The watch ends these, and says so. */
import { everyPick, wholeFile, type Attack } from './attack.ts';

export const hangs: readonly Attack[] = [
  everyPick('a catastrophic regular expression', `/^(a+)+$/.test('a'.repeat(40) + 'b');`),
  everyPick(
    'a list that is iterated by built-ins for ever',
    `new Set({ [Symbol.iterator]: () => ({ next: Object }) } as any);`,
  ),
  everyPick('a huge fill', `Array.prototype.fill.call({ length: 2 ** 53 - 1 } as any, 0);`),
  everyPick('a huge copy', `Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 } as any, 0, 1);`),
  everyPick('a huge sort', `const a: any = { length: 2 ** 31 }; Array.prototype.sort.call(a);`),
  wholeFile(
    'a module that poses as a promise',
    `export const then = () => {};\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  everyPick(
    'a number that is another one the second time',
    `const all: any[] = []; for (;;) { let n = 0; const text = 'xy'.repeat({ valueOf: () => ((n += 1) > 1 ? 1e8 : 1) } as any); if (text.length > 2) throw new Error('REACHED'); all.push(text); }`,
  ),
];

/** The ways to fill the memory. */
export const bombs: readonly Attack[] = [
  everyPick('a list that doubles', `let a: any[] = [1]; for (;;) a = [...a, ...a];`),
  everyPick(
    'a list that doubles behind the guards',
    `const A: any = [].constructor; const all: any[] = []; for (;;) all.push(new A(3e7).fill(1));`,
  ),
  everyPick('a text that doubles', `let t = 'x'; for (;;) t += t;`),
  everyPick('a text that is joined', `let t = 'x'; for (;;) t = [t, t, t].join('-') + t.padEnd(t.length * 2);`),
  wholeFile(
    'a map that grows',
    `const all = new Map();\nexport default (): any => ({ pick(b: any) { for (let i = 0; i < 150_000; i++) all.set(all.size, [i, i, i]); return b[0]; } });`,
  ),
  wholeFile(
    'closures that are kept',
    `const all: any[] = [];\nexport default (): any => ({ pick(b: any) { for (let i = 0; i < 90_000; i++) { const big = [i, i, i, i]; all.push(() => big); } return b[0]; } });`,
  ),
  everyPick(
    'a budget that is given back',
    `'x'.padStart(-1e15); 'x'.repeat(NaN as any); 'x'.padEnd(undefined as any); const all: any[] = []; for (;;) all.push(new Array(1e6).fill(0));`,
  ),
];
