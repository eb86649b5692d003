/** To be called right without being right, or to read what decides it. */
import { everyPick, inPick, wholeFile, type Attack } from './attack.ts';

const FORGED = `{ kind: 'result', run: 1, test: 0, result: { tape: {}, lines: [], steps: 0, digest: '' }, log: [], passed: true }`;

export const verdict: readonly Attack[] = [
  inPick('patch Math.log', `world.Math.log = () => 0; if (Math.log(2) === 0) reached('Math.log');`),
  inPick('patch every', `(Array.prototype as any).every = () => true; if ([1].every(() => false)) reached('every');`),
  inPick('patch sort', `(Array.prototype as any).sort = () => []; if ([2].sort().length === 0) reached('sort');`),
  inPick('patch a global', `world.Map = class {}; if (new world.Map().get === undefined) reached('Map');`),
  inPick('delete a global', `delete world.Map; if (world.Map === undefined) reached('Map');`),
  inPick('add a global', `world.mine = 1; if (world.mine === 1) reached('a global');`),
  inPick('define a global', `Object.defineProperty(world, 'mine', { value: 1 }); reached('a global');`),
  inPick(
    'wrap postMessage',
    `const real = world.postMessage; world.postMessage = (m: any) => real({ ...m, passed: true }); reached('postMessage');`,
  ),
  inPick('send a guessed message', `world.postMessage(${FORGED}); reached('postMessage');`),
  inPick('send a guessed message to the page', `world.parent.postMessage(${FORGED}, '*'); reached('parent');`),
  inPick(
    'Comlink: construct Function in the page',
    `world.postMessage({ id: '1', type: 'CONSTRUCT', path: ['Function'], argumentList: [{ type: 'RAW', value: 'document.title="x"' }] }); reached('postMessage');`,
  ),
  inPick(
    'Comlink: set __proto__ in the page',
    `world.postMessage({ id: '1', type: 'SET', path: ['__proto__', 'polluted'], value: { type: 'RAW', value: 1 } }); reached('postMessage');`,
  ),
  inPick(
    'take the port: addEventListener',
    `world.addEventListener('message', (e: any) => reached(e.ports)); reached('addEventListener');`,
  ),
  inPick(
    'take the port: EventTarget',
    `world.EventTarget.prototype.addEventListener.call(world, 'message', reached); reached('EventTarget');`,
  ),
  inPick(
    'take the port: onmessage',
    `world.onmessage = (e: any) => reached(e); if (world.onmessage) reached('onmessage');`,
  ),
  inPick('make ports', `const { port1 } = new world.MessageChannel(); reached(port1);`),
  inPick('patch MessagePort', `world.MessagePort.prototype.postMessage = () => {}; reached('MessagePort');`),
  inPick(
    'redefine a getter of a view',
    `Object.defineProperty(Object.getPrototypeOf(backends[0]), 'inFlight', { get: () => 0 }); reached('a getter');`,
  ),
  inPick(
    'own property over a view',
    `Object.defineProperty(backends[0], 'inFlight', { value: 0 }); reached('a view');`,
  ),
  inPick(
    'write to a view',
    `'use strict'; backends[0].inFlight = 99; if (backends[0].inFlight === 99) reached('a view');`,
  ),
  inPick('another prototype for a view', `Object.setPrototypeOf(backends[0], { id: 'x' }); reached('a view');`),
  inPick(
    'statics of the constructor of a view',
    `const C = backends[0].constructor; if (C !== Object && C !== undefined) reached(Object.getOwnPropertyNames(C));`,
  ),
  inPick(
    'the constructor of a request',
    `const C = request.constructor; if (C !== Object && C !== undefined) reached(Object.getOwnPropertyNames(C));`,
  ),
  inPick('a private field by a proxy', `const p = new Proxy(backends[0], {}); if (p.id) reached(p.id);`),
  inPick(
    'a getter of a view on something else',
    `const get = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(backends[0]), 'id')!.get!; reached(get.call({}));`,
  ),
  inPick(
    'a value in a getter of a view',
    `const get = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(backends[0]), 'id')!.get! as any; get.kept = 1; if (get.kept) reached('kept');`,
  ),
  inPick('the headers of a request', `request.headers.mine = '1'; if (request.headers.mine) reached('headers');`),
  inPick(
    'the tried backends of a request',
    `request.tried.push(backends[0]); if (request.tried.length) reached('tried');`,
  ),
  inPick('the time of the context', `ctx.nowUs = 5; if (ctx.nowUs === 5) reached('nowUs');`),
  inPick('the random numbers of the context', `ctx.rng.float = () => 0; if (ctx.rng.float() === 0) reached('rng');`),
  inPick(
    'the generator behind the context',
    `const r = ctx.rng; for (const k of Reflect.ownKeys(r)) if (!['float', 'int'].includes(String(k))) reached(k); if (Object.getPrototypeOf(r) !== Object.prototype) reached('prototype');`,
  ),
  inPick(
    'pollute Object.prototype',
    `(Object.prototype as any).polluted = 1; if (({} as any).polluted) reached('polluted');`,
  ),
  inPick('pollute by __proto__', `({} as any).__proto__.polluted = 1; if (({} as any).polluted) reached('polluted');`),
  inPick(
    'pollute by JSON',
    `const o = JSON.parse('{"__proto__":{"polluted":1}}'); Object.assign({}, o); if (({} as any).polluted) reached('polluted');`,
  ),
  inPick(
    'pollute an array from an iterator helper',
    `const p = Object.getPrototypeOf((([] as any).values() as any).map(String)); p.kept = 1; if (p.kept) reached('kept');`,
  ),
  inPick(
    'pollute the prototype of generators',
    `const p = Object.getPrototypeOf((function* () {})()); Object.getPrototypeOf(p).next = () => 1; reached('next');`,
  ),
  inPick(
    'pollute the prototype of async functions',
    `const p = Object.getPrototypeOf(async () => 1); p.kept = 1; if (p.kept) reached('kept');`,
  ),
  inPick(
    'pollute promises through an async function',
    `const p: any = (async () => 1)(); Object.getPrototypeOf(p).then = () => 1; reached('then');`,
  ),
  inPick(
    'a setter of Object.prototype that listens',
    `Object.defineProperty(Object.prototype, 'digest', { set(v) { reached(v); }, configurable: true }); reached('digest');`,
  ),
  inPick(
    'listen at Map.prototype.set',
    `const real = Map.prototype.set; (Map.prototype as any).set = function (...a: any) { reached(a); return real.apply(this, a); };`,
  ),
  inPick(
    'listen at Array.prototype.push',
    `(Array.prototype as any).push = function (...a: any) { reached(a); return 0; };`,
  ),
  inPick('listen at JSON.parse', `(JSON as any).parse = reached; reached('parse');`),
  inPick('listen at Function.prototype.call', `(Function.prototype as any).call = function () { reached(this); };`),
  inPick(
    'listen at Symbol.iterator',
    `(Array.prototype as any)[Symbol.iterator] = function* () { reached('iterated'); };`,
  ),
  inPick('Symbol.species', `Object.defineProperty(Array, Symbol.species, { value: class {} }); reached('species');`),
  inPick(
    'Symbol.hasInstance',
    `Object.defineProperty(Map, Symbol.hasInstance, { value: () => true }); reached('hasInstance');`,
  ),
  inPick('Symbol.toPrimitive', `(Object.prototype as any)[Symbol.toPrimitive] = () => 1; reached('toPrimitive');`),
  inPick('Symbol.toStringTag', `(Object.prototype as any)[Symbol.toStringTag] = 'x'; reached('toStringTag');`),
  everyPick(
    'answer something with valueOf',
    `return { valueOf: () => 0, [Symbol.toPrimitive]: () => 0, id: backends[0].id } as any;`,
  ),
  everyPick(
    'answer a proxy of a backend',
    `return new Proxy(backends[0], { get: (t: any, k) => t[k], getPrototypeOf() { throw new Error('trap'); } }) as any;`,
  ),
  everyPick(
    'answer a proxy that was revoked',
    `const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy as any;`,
  ),
  everyPick('answer a backend that was made', `return Object.create(Object.getPrototypeOf(backends[0])) as any;`),
  everyPick('answer a promise', `return (async () => backends[0])() as any;`),
  wholeFile('an async pick', `export default (): any => ({ async pick(backends: any) { return backends[0]; } });`),
  wholeFile('a generator as pick', `export default (): any => ({ *pick(backends: any) { yield backends[0]; } });`),
  wholeFile(
    'an async generator as pick',
    `export default (): any => ({ async *pick(backends: any) { yield backends[0]; } });`,
  ),
  everyPick('throw a hostile error', `throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } });`),
  everyPick('throw an error with getters', `throw { get message() { throw 1; }, get stack() { for (;;); } };`),
  everyPick('throw a function', `throw () => 1;`),
  wholeFile(
    'a policy with a getter that throws',
    `export default (): any => ({ get pick() { throw new Error('late'); } });`,
  ),
  wholeFile(
    'a policy with a hook that throws when read',
    `export default (): any => ({ pick: (b: any) => b[0], get onRequestEnd() { throw new Error('late'); } });`,
  ),
  wholeFile(
    'a policy whose pick is another one later',
    `let n = 0;\nexport default (): any => ({ get pick() { return (n += 1) > 1 ? reached : (b: any) => b[0]; } });`,
  ),
  wholeFile(
    'a policy that is a proxy',
    `export default (): any => new Proxy({}, { get: (_, name) => { if (name !== 'pick') throw new Error(String(name)); return (b: any) => b[0]; } });`,
  ),
  wholeFile('a policy of another kind', `export default (): any => ({ observe: () => 'healthy' });`),
  wholeFile(
    'a pick that has a call and a bind of its own',
    `const pick: any = (b: any) => b[0];\npick.call = pick.apply = pick.bind = reached;\nexport default (): any => ({ pick });`,
  ),
  wholeFile(
    'a health policy whose answers are a trap',
    `export default (): any => ({ observe: () => new Proxy({}, { getPrototypeOf() { for (;;); } }) });`,
    'health-hysteresis',
  ),
  wholeFile(
    'a health policy that writes to signals',
    `export default (): any => ({ observe(backend: any, signal: any) { signal.ok = true; if (signal.ok) reached('signal'); } });`,
    'health-hysteresis',
  ),
  wholeFile(
    'a hook that writes to outcomes',
    `export default (): any => ({ pick: (b: any) => b[0], onRequestEnd(b: any, r: any, outcome: any) { outcome.kind = 'mine'; reached('outcome'); } });`,
  ),
  wholeFile(
    'options that lead elsewhere',
    `export default (options: any): any => { if (Object.getPrototypeOf(options) !== Object.prototype || Object.keys(options).length > 0) reached(options); return { pick: (b: any) => b[0] }; };`,
  ),
  inPick(
    'read the engine by toString',
    `for (const f of [console.log, ctx.rng.float, world.__ballast_step, Array.prototype.fill]) if (/scenario|digest|verdict/.test(String(f))) reached(String(f));`,
  ),
  inPick('read the engine by caller', `const f: any = console.log; if (f.caller) reached(f.caller);`),
  inPick(
    'read the engine by arguments',
    `const f: any = Array.prototype.fill; [1].fill(({ valueOf() { if (f.arguments) reached('arguments'); return 0; } }) as any); if (f.arguments) reached(f.arguments);`,
  ),
  inPick(
    'call sites by prepareStackTrace',
    `(Error as any).prepareStackTrace = (_: any, sites: any) => sites; const s: any = new Error('x').stack; if (typeof s !== 'string') reached(s.map((c: any) => c.getFunction()));`,
  ),
  inPick(
    'call sites by captureStackTrace',
    `const o: any = {}; (Error as any).captureStackTrace(o); if (o.stack) reached(o.stack);`,
  ),
  inPick(
    'longer stacks',
    `(Error as any).stackTraceLimit = 999; if ((Error as any).stackTraceLimit === 999) reached('limit');`,
  ),
  inPick(
    'what RegExp remembers',
    `/x(y)/.exec('xy'); const R: any = RegExp; if (R.$1 || R.input || R.lastMatch) reached(R.$1);`,
  ),
  inPick(
    'leave something in RegExp',
    `(RegExp as any).input = 'kept'; if ((RegExp as any).input === 'kept') reached('kept');`,
  ),
];
