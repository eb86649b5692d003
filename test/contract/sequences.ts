import { Clock, PolicyContext } from '../../engine/balancer/context.ts';
import { NO_BACKEND, Pool } from '../../engine/balancer/pool.ts';
import { Roster } from '../../engine/balancer/roster.ts';
import { BackendView, setInFlight } from '../../engine/core/backend.ts';
import type { Backend, Picker } from '../../engine/core/policy.ts';
import { Prng } from '../../engine/core/prng.ts';
import { RequestView, setTried } from '../../engine/core/request.ts';

/** What the engine's own pool does to a picker, in one number each: what happens, and to whom. So a failing sequence shrinks fast. */
export const COMMANDS = 16;

interface Known {
  readonly backend: number;
  readonly view: BackendView;
  weight: number;
  drains: boolean;
  ejected: boolean;
}

const template = { client: 'c1', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

/**
 * A picker in the engine's pool, beside a model of who is eligible that filters anew each time. Throws an Error at the first thing that is not as
 * promised; `answers` is what was picked.
 */
export function run(picker: Picker, seed: number, commands: readonly number[]): number[] {
  const clock = new Clock();
  const rng = new Prng(seed);
  const of = (purpose: string) => new PolicyContext(clock, rng.fork(purpose));
  const roster = new Roster();
  const known: Known[] = [];
  const open: { readonly at: Known; readonly request: RequestView }[] = [];
  const answers: number[] = [];
  let requests = 0;

  const eligible = () =>
    known.filter(
      ({ view, weight, drains, ejected }) => weight > 0 && !drains && !ejected && (picker.skipsFull || !view.full),
    );
  const watched: Picker = {
    ...picker,
    pick(backends, request, ctx) {
      const expected = eligible();
      const same = expected.length === backends.length && expected.every(({ view }, at) => view === backends[at]);
      expectTrue(same, `the list ${ids(backends)} is not ${ids(expected.map(({ view }) => view))}`);
      return picker.pick(backends, request, ctx);
    },
  };
  const one = of('picker');
  const contexts = { picker: one, health: one, outlier: one, agent: one, breaker: one, of };
  const pool = new Pool('pool', 0, { picker: watched }, contexts, roster);

  function add(weight: number): void {
    const backend = roster.members.length;
    const view = new BackendView(backend, `b${backend}`, 'a', weight);
    pool.join(view);
    known.push({ backend, view, weight, drains: false, ejected: false });
  }

  function send(tried: readonly Backend[]): void {
    requests++;
    const request = new RequestView(requests, requests, template, requests);
    if (tried.length > 0) setTried(request, tried);
    const may = eligible().filter(({ view }) => !view.full);
    const answer = pool.pick(request);
    answers.push(answer);
    const untried = may.some(({ view }) => !tried.includes(view));
    const at = known.find(({ backend }) => backend === answer);
    if (answer === NO_BACKEND) {
      // nginx gives a request up that every peer has failed. And a picker that looks at full ones itself may let a request wait for the one it belongs to.
      const waits = picker.skipsFull && eligible().some(({ view }) => view.full);
      expectTrue(!untried || waits === true, `it declines while ${ids(may.map(({ view }) => view))} may serve`);
      return;
    }
    expectTrue(at !== undefined && may.includes(at), `${at?.view.id ?? answer} may not serve`);
    if (at === undefined) return;
    expectTrue(!untried || !tried.includes(at.view), `${at.view.id} was tried, and others were not`);
    setInFlight(at.view, at.view.inFlight + 1);
    pool.started(at.backend, at.view, request);
    open.push({ at, request });
  }

  function end(index: number, kind: 'served' | 'timeout'): void {
    if (open.length === 0) return;
    const [{ at, request }] = open.splice(index % open.length, 1) as [(typeof open)[number]];
    setInFlight(at.view, at.view.inFlight - 1);
    pool.ended(at.backend, at.view, request, kind, kind === 'served' ? 200 : 0, 1000 + index, 100, true);
  }

  function change(what: number, value: number): void {
    const at = known[value % known.length];
    if (at === undefined) return;
    const member = roster.members[at.backend]!;
    if (what === 11) {
      known.splice(known.indexOf(at), 1);
      pool.remove(member);
    } else if (what === 12) pool.change(member, 'draining', (at.drains = !at.drains));
    else if (what === 13) pool.setWeight(member, (at.weight = value % 6));
    else if (what === 14) pool.setMaxConnections(member, [1, 2, 3, Infinity][value % 4]!);
    else pool.change(member, 'ejected', (at.ejected = !at.ejected));
  }

  for (const weight of [1, 3, 2]) add(weight);
  for (const command of commands) {
    clock.nowUs += 700;
    const what = command % COMMANDS;
    const value = Math.floor(command / COMMANDS);
    if (what < 6) send([]);
    else if (what === 6) send(known.slice(0, 1 + (value % 3)).map(({ view }) => view));
    else if (what < 10) end(value, what === 9 ? 'timeout' : 'served');
    else if (what === 10) add(value % 6);
    else change(what, value);
  }
  return answers;
}

function ids(backends: readonly Backend[]): string {
  return `[${backends.map(({ id }) => id).join(' ')}]`;
}

function expectTrue(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
