/** Network, storage, the page, other code, time and chance. */
import { BEACON, inPick, wholeFile, type Attack } from './attack.ts';

const names = (what: string, list: string): Attack =>
  inPick(what, `for (const name of '${list}'.split(' ')) if (world[name] !== undefined) reached(name);`);

/** Code made from text, in each way there is. */
const makers: readonly (readonly [string, string])[] = [
  ['Function', `(() => 1).constructor`],
  ['an async Function', `(async () => 1).constructor`],
  ['a generator Function', `(function* () {}).constructor`],
  ['an async generator Function', `(async function* () {}).constructor`],
  ['a method', `({ m() {} }).m.constructor`],
  ['a class', `(class {}).constructor`],
  ['Reflect.construct', `((...a: any) => Reflect.construct(Object.getPrototypeOf(class {}).constructor, a)) as any`],
  ['a bound function', `(() => 1).bind(null).constructor`],
  ['the console', `(console.log as any).constructor`],
  ['a view', `(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(backends[0]), 'id')!.get as any).constructor`],
];

const imports: readonly (readonly [string, string])[] = [
  ['an address with a secret', `${BEACON}/import?secret=1`],
  ['a data module', `data:text/javascript,export default globalThis.fetch`],
  ['a test of another kata', `/any/where/checks.js`],
  ['a relative path', `./harness.js`],
];

export const reach: readonly Attack[] = [
  inPick('fetch', `world.fetch('${BEACON}/fetch').then(reached); reached('fetch');`),
  inPick(
    'XMLHttpRequest',
    `const x = new world.XMLHttpRequest(); x.open('GET', '${BEACON}/xhr'); x.send(); reached('XMLHttpRequest');`,
  ),
  inPick('WebSocket', `new world.WebSocket('${BEACON.replace('http', 'ws')}/socket'); reached('WebSocket');`),
  inPick(
    'WebSocketStream',
    `new world.WebSocketStream('${BEACON.replace('http', 'ws')}/stream'); reached('WebSocketStream');`,
  ),
  inPick('WebTransport', `new world.WebTransport('https://localhost/'); reached('WebTransport');`),
  inPick('RTCPeerConnection', `new world.RTCPeerConnection(); reached('RTCPeerConnection');`),
  inPick('EventSource', `new world.EventSource('${BEACON}/events'); reached('EventSource');`),
  inPick('FontFace', `new world.FontFace('x', 'url(${BEACON}/font)').load(); reached('FontFace');`),
  inPick('a worker in the worker', `new world.Worker('data:text/javascript,1'); reached('Worker');`),
  inPick('a shared worker', `new world.SharedWorker('data:text/javascript,1'); reached('SharedWorker');`),
  inPick('a service worker', `world.navigator.serviceWorker.register('/x.js'); reached('navigator');`),
  inPick('sendBeacon', `world.navigator.sendBeacon('${BEACON}/beacon', 'x'); reached('navigator');`),
  inPick('importScripts', `world.importScripts('${BEACON}/script'); reached('importScripts');`),
  inPick('Image', `new world.Image().src = '${BEACON}/image'; reached('Image');`),
  inPick('Cache.add', `world.caches.open('x').then((c: any) => c.add('${BEACON}/cache')); reached('caches');`),
  inPick('cookieStore', `world.cookieStore.set('progress', 'x'); reached('cookieStore');`),
  inPick('read IndexedDB', `world.indexedDB.open('progress').onsuccess = reached; reached('indexedDB');`),
  inPick('delete IndexedDB', `world.indexedDB.deleteDatabase('progress'); reached('indexedDB');`),
  inPick('delete a cache', `world.caches.delete('progress'); reached('caches');`),
  inPick('the private file system', `world.navigator.storage.getDirectory().then(reached); reached('navigator');`),
  inPick('locks', `world.navigator.locks.request('ballast', () => reached('lock')); reached('navigator');`),
  inPick(
    'a forged broadcast',
    `new world.BroadcastChannel('ballast').postMessage({ passed: true }); reached('BroadcastChannel');`,
  ),
  inPick('localStorage', `world.localStorage.progress = 'x'; reached('localStorage');`),
  inPick('sessionStorage', `world.sessionStorage.progress = 'x'; reached('sessionStorage');`),
  inPick('the document', `world.document.title = 'x'; reached('document');`),
  inPick('the document of the page', `world.parent.document.title = 'x'; reached('parent');`),
  inPick('the address of the page', `world.top.location = '${BEACON}/top'; reached('top');`),
  inPick('a new window', `world.open('${BEACON}/window'); reached('open');`),
  inPick('close the worker', `world.close(); reached('close');`),
  names('windows and frames', 'self window frames top parent opener document frameElement location origin name status'),
  names(
    'the worker’s own scope',
    'postMessage onmessage onerror close importScripts addEventListener dispatchEvent navigator isSecureContext',
  ),
  names(
    'clocks',
    'Date performance Temporal setTimeout setInterval requestAnimationFrame queueMicrotask scheduler Event EventTarget AbortSignal',
  ),
  names(
    'raw memory',
    'ArrayBuffer SharedArrayBuffer Atomics DataView Uint8Array Float64Array BigInt64Array WebAssembly',
  ),
  names(
    'making code and data',
    'eval Function Blob File URL Worker MessageChannel structuredClone TextEncoder CompressionStream ShadowRealm',
  ),
  names(
    'watching memory',
    'WeakRef FinalizationRegistry gc gcTrace Intl crypto caches indexedDB reportError trustedTypes',
  ),
  inPick(
    'whatever is left of the globals',
    `const fine = 'console TEMPORARY PERSISTENT'.split(' ');
for (let o: any = world; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o))
  for (const key of Reflect.ownKeys(o)) {
    const held = Object.getOwnPropertyDescriptor(o, key)!;
    if (held.get || held.set) reached('an accessor', String(key));
    if (typeof key === 'string' && !/^[A-Z]|^is|^parse|^encode|^decode|^undefined$|^globalThis$|^__ballast_|^console$/.test(key)) reached(key);
    if (held.writable || held.configurable) reached('changeable', String(key));
  }`,
  ),
  inPick(
    'another prototype for the global object',
    `const before = Object.getPrototypeOf(world); Object.setPrototypeOf(world, { mine: 1 }); if (world.mine === 1) reached('prototype of ', typeof before);`,
  ),
  ...makers.map(([what, maker]) =>
    inPick(
      `make code by ${what}`,
      `const Make: any = ${maker}; const f = Make('return globalThis'); if (typeof f === 'function') reached(f());`,
    ),
  ),
  inPick('eval of several kinds', `world['ev' + 'al']('1'); reached('eval');`),
  inPick('a timer made of text', `world.setTimeout("fetch('${BEACON}/timer')", 0); reached('setTimeout');`),
  ...imports.map(([what, url]) => inPick(`import() of ${what}`, `import('${url}').then(reached, () => undefined);`)),
  inPick(
    'import() of JSON',
    `import('${BEACON}/x.json', { with: { type: 'json' } } as any).then(reached, () => undefined);`,
  ),
  inPick(
    'import() of what runs us',
    `for (const url of String(new Error('x').stack).match(/blob:[^):]*(?::[^):]*)?/g) ?? []) import(url.replace(/:\\d+$/, '')).then((m) => Object.keys(m).length && reached(m), () => undefined);`,
  ),
  wholeFile(
    'a static import',
    `import * as other from '${BEACON}/static.js';\nreached(other);\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  wholeFile(
    'an export from elsewhere',
    `export * from '${BEACON}/reexport.js';\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  wholeFile(
    'an import that hides behind an escape',
    `const go = (u: string) => im\\u0070ort(u);\ngo('${BEACON}/escaped').then(reached);\nexport default (): any => ({ pick: (b: any) => b[0] });`,
  ),
  inPick('import.meta', `const url = (import.meta as any).url; if (!/^blob:|^learner/.test(url)) reached(url);`),
  inPick(
    'the address in a stack',
    `const url = /https?:\\/\\/[^\\s)]+/.exec(String(new Error('x').stack)); if (url) reached(url[0]);`,
  ),
  inPick(
    'fetch the source the stack names',
    `world.fetch(/blob:[^\\s):]+/.exec(String(new Error('x').stack))![0]).then((r: any) => r.text()).then(reached);`,
  ),
  inPick('Date', `reached(new world.Date().getTime());`),
  inPick(
    'Date by another way',
    `const D = (Object as any).getPrototypeOf(world).Date ?? (() => { throw 1; })(); reached(D.now());`,
  ),
  inPick('performance', `reached(world.performance.now());`),
  inPick('the time of an event', `reached(new world.Event('x').timeStamp);`),
  inPick('Math.random', `reached(Math.random());`),
  inPick('crypto', `reached(world.crypto.randomUUID());`),
  inPick('the locale', `reached((1234.5).toLocaleString());`),
  inPick('the locale’s order', `reached('a'.localeCompare('b'));`),
  inPick(
    'a timer that outlives the run',
    `world.setInterval(() => world.fetch('${BEACON}/late'), 1); reached('setInterval');`,
  ),
  inPick(
    'a microtask that outlives the test',
    `(async () => { for (let i = 0; i < 9; i++) await null; world.fetch('${BEACON}/micro'); reached('fetch'); })();`,
  ),
  inPick(
    'a memory of one test for the next',
    `const kept: any = Object.getPrototypeOf(Object.getPrototypeOf(([] as any)[Symbol.iterator]())); if (kept.mine) reached('kept'); kept.mine = 1;`,
  ),
  inPick(
    'a memory in the console',
    `(console as any).mine = 1; (console.log as any).mine = 1; if ((console as any).mine) reached('kept');`,
  ),
  inPick('a memory in a symbol', `const s: any = Symbol.for('mine'); s.kept = 1; if (s.kept) reached('kept');`),
  inPick(
    'a memory in a template',
    `const tag = (t: any) => t; const t = tag\`x\`; t.mine = 1; if (t.mine) reached('kept');`,
  ),
];
