import type { Backend, Request } from '../../core/policy.ts';
import type { Scenario } from '../../world/scenario.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

/** How a session is told: by a cookie that the policy sets, or by what each of its requests brings from the start. */
export type Session = { readonly cookie: string } | { readonly by: (request: Request) => string };

/**
 * A session goes where it went before, as long as that backend is there (eligible or draining); when it is gone the session finds another and stays there.
 * With a cookie a session begins when the client brings it: until then it cannot be known. One whose cookie stands for its backend is given no other. A cookie that was
 * replaced may still be on its way in a request, and is free: a policy may have forgotten it. Exact.
 */
export function stickyTo(session: Session): Check {
  return {
    watch(scenario, report) {
      const homes = new Map<string, Backend>();
      const replaced = new Set<string>();
      const nameOf = (request: Request): string | undefined =>
        'by' in session ? session.by(request) : valueOf(session.cookie, request.headers['cookie'] ?? '');
      return {
        on: {
          affinity: {
            find({ decision, atUs, args: [backends, request], answer }) {
              const name = nameOf(request);
              if (name === undefined || replaced.has(given(request, name))) return;
              const home = homes.get(name);
              if (home === undefined || answer === home || request.tried.includes(home)) return;
              // One that drains is hidden from a policy that skips such, and is there all the same.
              if (!backends.includes(home) && !drains(scenario, home.id, atUs)) return;
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: 'a session leaves its backend',
                    request: request.id,
                    chose: answer?.id ?? 'nobody (undefined), so the picker chose anew',
                    better: `${home.id}, where ${name} was before`,
                    backends: { better: home.id, ...(answer && { chose: answer.id }) },
                  },
                ),
              );
            },
            remember({ decision, atUs, args: [backend, request], answer }) {
              const known = nameOf(request);
              const value = 'by' in session ? known : answer && valueOf(session.cookie, answer);
              const home = known === undefined ? undefined : homes.get(known);
              // Without a new cookie the one that the client was given stands for this backend from now on.
              const name = value ?? (home && known);
              if (name !== undefined) {
                homes.set(name, backend);
                replaced.delete(given(request, name));
              }
              if (known !== undefined && replaced.has(given(request, known))) return;
              if (name !== undefined && (name === known || home !== backend)) {
                if (known !== undefined && name !== known) replaced.add(given(request, known));
                return;
              }
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: name === undefined ? 'a session is not remembered' : 'a session is given a second cookie',
                    request: request.id,
                    chose: answer ?? 'no cookie (undefined)',
                    better:
                      name === undefined
                        ? `a cookie that stands for ${backend.id}`
                        : `undefined: its cookie ${known!} stands for ${backend.id} already`,
                    backends: { chose: backend.id },
                  },
                ),
              );
            },
          },
        },
      };
    },
  };
}

/** Was the last that happened to it, before this moment, that it was told to drain, and does it still have time? */
function drains({ timeline }: Scenario, id: string, atUs: number): boolean {
  const last = timeline
    .filter((action) => 'backend' in action && action.backend === id && action.atUs < atUs)
    .toSorted((a, b) => a.atUs - b.atUs)
    .at(-1);
  return last?.do === 'drain' && atUs < last.atUs + (last.timeoutUs ?? Infinity);
}

/** Only cookies that the policy gave to this client are believed: whoever brings another is nobody's. Clients are told by their addresses. Exact. */
export function refusesForged(cookie: string): Check {
  return {
    watch(_scenario, report) {
      const genuine = new Set<string>();
      return {
        on: {
          affinity: {
            find({ decision, atUs, args: [, request], answer }) {
              const values = valuesOf(cookie, request.headers['cookie'] ?? '');
              const value = values[0];
              if (answer === undefined || value === undefined || values.some((one) => genuine.has(given(request, one))))
                return;
              report(
                breachAt(
                  { decision, atUs },
                  {
                    title: 'a forged cookie is believed',
                    request: request.id,
                    chose: `${answer.id}, because ${cookie}=${value.slice(0, 40)} says so`,
                    better: 'undefined: this client was never given that cookie',
                    backends: { chose: answer.id },
                  },
                ),
              );
            },
            remember({ args: [, request], answer }) {
              const value = answer === undefined ? undefined : valueOf(cookie, answer);
              if (value !== undefined) genuine.add(given(request, value));
            },
          },
        },
      };
    },
  };
}

function given({ sourceAddress }: Request, value: string): string {
  return `${sourceAddress} ${value}`;
}

/** The value of a cookie in a Cookie or Set-Cookie header. */
function valueOf(name: string, header: string): string | undefined {
  return valuesOf(name, header)[0];
}

/** A client may send a name twice: once made up, and once as it was given. */
function valuesOf(name: string, header: string): string[] {
  const pairs = header.split(';').map((part) => part.trim().split('='));
  return pairs.flatMap(([key, ...value]) => (key === name ? [value.join('=')] : []));
}
