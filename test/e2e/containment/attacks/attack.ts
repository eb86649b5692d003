/** One submission that tries something it must not be able to do. If it can, it says `reached(…)`, or somebody else notices. */
export interface Attack {
  readonly name: string;
  readonly source: string;
  readonly kata: string;
}

/** Where attacks send what they know; replaced by the address of the test's own server. */
export const BEACON = 'http://beacon.invalid/beacon';

/** What every submission begins with. */
const HEAD = `const reached = (...what: unknown[]): void => console.log('REACHED', ...what);
const world = globalThis as any;
`;

/** Tries once, in the first pick, and then always answers the first backend: a bad picker, which no check may pass. */
export function inPick(name: string, body: string): Attack {
  return wholeFile(
    name,
    `let tried = false;
export default function attack(options: any): any {
  return {
    pick(backends: any, request: any, ctx: any): any {
      if (!tried) {
        tried = true;
        try {
${body}
        } catch (error) {
          // Refused, as it should be.
        }
      }
      return backends[0];
    },
  };
}
`,
  );
}

/** The body of every pick; what it throws is not caught. */
export function everyPick(name: string, body: string): Attack {
  return wholeFile(
    name,
    `export default (options: any): any => ({
  pick(backends: any, request: any, ctx: any): any {
${body}
    return backends[0];
  },
});
`,
  );
}

export function wholeFile(name: string, code: string, kata = 'round-robin'): Attack {
  return { name, source: HEAD + code, kata };
}
