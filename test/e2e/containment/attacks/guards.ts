/** To get around the guards: loops and functions that would not count, and budgets that would be filled again. All of these must come to an end. */
import { everyPick, wholeFile, type Attack } from './attack.ts';

const body = (name: string, code: string): Attack => everyPick(name, code);

export const guards: readonly Attack[] = [
  body('a busy loop', `for (;;);`),
  body('while', `while (true) {}`),
  body('do', `do ; while (true)`),
  body('a loop without braces inside others', `for (;;) for (const b of backends) for (const k in b) if (k) ; else ;`),
  body('a loop that swallows the end', `for (;;) { try { for (;;); } catch {} }`),
  body(
    'a loop whose finally swallows the end',
    `const f = () => { try { for (;;); } finally { return 1; } }; f(); return backends[ctx.rng.int(backends.length)];`,
  ),
  body('a loop that is left by a label', `a: for (;;) { b: for (;;) { try { continue a; } finally { continue b; } } }`),
  body('a finally that goes on for ever', `for (;;) { try { throw 1; } catch { continue; } finally { continue; } }`),
  body('a loop in a condition', `while ((() => { for (;;); })()) {}`),
  body('a loop in a default value', `const f = (x = (() => { for (;;); })()) => x; f();`),
  body('a loop in a computed name', `const o = { [(() => { for (;;); })()]: 1 };`),
  body('a loop in a field', `class A { x = (() => { for (;;); })(); } new A();`),
  body('a loop in a static block', `class A { static { for (;;); } }`),
  body('a loop in a getter', `const o = { get x() { for (;;); } }; o.x;`),
  body('a loop in a template', `\`\${(() => { for (;;); })()}\`;`),
  body('a loop in a tag', `const tag: any = () => { for (;;); }; tag\`x\`;`),
  body('a loop in an iterator', `for (const x of { *[Symbol.iterator]() { for (;;) yield 1; } }) ;`),
  body('a loop in an endless spread', `const f: any = function* () { for (;;) yield 1; }; [...f()];`),
  body('a loop behind a comment', `for (;;) /* { */ /* } */ ;`),
  body('a loop behind a comment at the end of a line', `for (;;) // {\n;`),
  body('a loop behind a type', `const f = (): { a: number } /* => { */ => { for (;;); }; f();`),
  body('a loop behind an assertion', `const f = () => (() => { for (;;); }) as /* ; */ any; f()();`),
  body('a loop behind a regular expression', `const r = /[/{}]/; for (;;) r.test('{');`),
  body('a loop behind a text with a line separator', `const t = '\u2028'; for (;;) t.length;`),
  body('a loop in a declared field', `class A { declare x: any; y = (() => { for (;;); })(); } new A();`),
  body(
    'a loop of calls',
    `const f: any = () => g(); const g: any = () => { try { return f(); } finally { f(); } }; f();`,
  ),
  body('recursion', `const f: any = () => f(); f();`),
  body('recursion that swallows its end', `const f: any = () => { try { f(); } catch { f(); } }; f();`),
  body('recursion by a getter', `const o: any = { get x() { return this.x; } }; o.x;`),
  body('recursion by a proxy', `const p: any = new Proxy({}, { get: (_, k, r: any) => r[k] }); p.x;`),
  body('recursion by toString', `const o: any = { toString() { return String(this); } }; String(o);`),
  body('recursion by JSON', `const o: any = { toJSON() { return JSON.stringify(this); } }; JSON.stringify(o);`),
  body('recursion by sort', `const f: any = () => [2, 1].sort(f); f();`),
  body('recursion by a class', `class A { x: any = new A(); } new A();`),
  body('calls by natives alone', `const f: any = (x: any) => x; for (const n = [0]; ; n[0]!++) [1, 2, 3].map(f);`),
  body('reset by calling the guard', `for (;;) world.__ballast_step(-1);`),
  body(
    'a guard called with a name',
    `world.__ballast_step('fill'); world.__ballast_step('__proto__'); world.__ballast_step(1e9); for (;;);`,
  ),
  body(
    'a guard called with an object',
    `world.__ballast_step({ valueOf() { return 1; } }); world.__ballast_at({}, 1); world.__ballast_at(NaN, 1); for (;;);`,
  ),
  body('a guard that throws within itself', `world.__ballast_at(Symbol('x'), 1);`),
  body('marks without end', `for (;;) world.__ballast_mark(1);`),
  body('a patched guard', `try { world.__ballast_step = () => {}; } catch {} for (;;);`),
  body('a deleted guard', `try { delete world.__ballast_step; } catch {} for (;;);`),
  wholeFile(
    'a guard of one’s own',
    `const __ballast_step = () => {};\nexport default (): any => ({ pick() { for (let i = 0; i < 3e5; i++); return undefined; } });`,
  ),
  wholeFile(
    'a guard of one’s own, in disguise',
    `function \\u{5f}_ballast_step() {}\nexport default (): any => ({ pick() { for (let i = 0; i < 3e5; i++); return undefined; } });`,
  ),
  wholeFile(
    'a guard as a parameter',
    `export default (__ballast_step: any = () => {}): any => ({ pick() { for (let i = 0; i < 3e5; i++); return undefined; } });`,
  ),
  wholeFile('a loop at the top of the file', `for (;;);\nexport default (): any => ({ pick: (b: any) => b[0] });`),
  wholeFile('a loop in the factory', `export default (): any => { for (;;); };`),
  wholeFile(
    'a loop in a hook',
    `export default (): any => ({ pick: (b: any) => b[0], onRequestEnd() { for (;;); } });`,
  ),
  wholeFile(
    'a loop at the change of the pool',
    `export default (): any => ({ pick: (b: any) => b[0], onPoolChange() { for (;;); } });`,
  ),
  wholeFile('a loop when the policy is read', `export default (): any => ({ get pick() { for (;;); } });`),
  wholeFile('checks switched off by a comment', `// @ts-nocheck\nexport default () => ({ pick() { for (;;); } });`),
  wholeFile(
    'an enum',
    `enum A { B = (() => { for (;;); })() as any }\nexport default (): any => ({ pick: (b: any) => b[A.B] });`,
  ),
  wholeFile(
    'a decorator',
    `const d: any = () => { for (;;); };\n@d class A {}\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  wholeFile('with', `export default (): any => ({ pick(b: any) { with (Math) { return b[random()]; } } });`),
  wholeFile('legacy: HTML comments', `<!-- x\nexport default (): any => ({ pick: (b: any) => b[0] });`),
  wholeFile(
    'legacy: the end of a script',
    `const x = '</script><script>parent.document.title="x"</script>';\nexport default (): any => ({ pick: (b: any) => { console.log(x); return b[0]; } });`,
  ),
  wholeFile(
    'a map that names another file',
    `export default (): any => ({ pick() { throw new Error('x'); } });\n//# sourceURL=http://beacon.invalid/beacon/map\n//# sourceMappingURL=http://beacon.invalid/beacon/map.json`,
  ),
  body('all steps of a test, in small pieces', `for (let i = 0; i < 199_000; i++);`),
  body('a flood of lines', `for (let i = 0; i < 1e5; i++) console.log('x'.repeat(3000), i);`),
  body(
    'a flood of lines from what is shown',
    `const deep: any = []; deep.push(deep, deep, deep); for (let i = 0; i < 100; i++) console.log(deep, new Map([[deep, deep]]));`,
  ),
  body('a line that will not be shown', `console.log({ get x() { for (;;); } });`),
  body(
    'control characters',
    `console.log('\\u001b]52;c;eA==\\u0007\\u202e<img src=x onerror=alert(1)>'); throw new Error('<img src=x onerror="document.title=1">');`,
  ),
  wholeFile(
    'a promise that never ends the loading',
    `await new (async () => {})().constructor(() => {});\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  wholeFile(
    'microtasks without end',
    `let tried = false;\nexport default (): any => ({ pick(b: any) { if (!tried) { tried = true; const again: any = async () => { again2(); }; const again2: any = async () => { await null; again(); }; again(); } return b[0]; } });`,
  ),
  body(
    'typed arrays',
    `const B: any = world.ArrayBuffer ?? world.Uint8Array; const all = []; for (;;) all.push(new B(1e8));`,
  ),
  body('a number beyond all measure', `let n = 3n; for (;;) n *= n;`),
];
