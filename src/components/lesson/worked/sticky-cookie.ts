import { policiesFor } from '../../../../engine/index.ts';
import type { Backend } from '../../../../engine/index.ts';
import type { WorkedStep } from '../worked-types.ts';
import { agree, backendLike, context, requestLike, world } from './engine.ts';

interface Props {
  readonly backends: readonly string[];
  /** In order: a request of a user, and `- b` or `+ b`: a backend crashes or is back. */
  readonly events: readonly string[];
}

/** Affinity by an inserted cookie, over round robin, with sessions in the memory of the backends. Bars show the sessions that each one holds. */
export function stickyCookie({ backends, events }: Props): WorkedStep[] {
  /** By user: the backend that the cookie names, and the one that holds the session. */
  const jar = new Map<string, string>();
  const sessions = new Map<string, string>();
  const up = [...backends];
  /** Whose turn it is. */
  let due = backends[0]!;
  const balancer = engineBalancer(backends);
  const answers: string[] = [];

  const steps = events.map((event): WorkedStep => {
    const change = /^([+-]) (\S+)$/.exec(event);
    if (change !== null) {
      const [, sign, name] = change as unknown as [string, '+' | '-', string];
      const note = sign === '+' ? comeBack(name) : crash(name);
      answers.push(balancer.change(up));
      return {
        phase: sign === '+' ? 'back' : 'crash',
        note,
        bars: bars(),
        result: `${sign === '+' ? '+' : '−'}${name}`,
      };
    }
    const named = jar.get(event);
    const isBound = named !== undefined && up.includes(named);
    const chosen = isBound ? named : due;
    if (!isBound) due = nextUp(due);
    answers.push(balancer.ask(event));
    const note = noteOf(event, named, isBound, chosen, sessions.get(event));
    jar.set(event, chosen);
    sessions.set(event, chosen);
    return { phase: isBound ? 'found' : 'picked', note, bars: bars(chosen), result: chosen };
  });
  agree('a sticky cookie', steps, answers);
  return steps;

  function nextUp(name: string): string {
    const at = backends.indexOf(name);
    return [...backends.slice(at + 1), ...backends.slice(0, at + 1)].find((other) => up.includes(other))!;
  }

  function crash(name: string): string {
    up.splice(up.indexOf(name), 1);
    if (due === name) due = nextUp(name);
    const lost = [...sessions].filter(([, home]) => home === name).map(([user]) => user);
    for (const user of lost) sessions.delete(user);
    return `${name} crashes. What it had in memory is gone: the session of ${lost.join(' and of ') || 'nobody'}. The cookies still name it.`;
  }

  function comeBack(name: string): string {
    up.push(name);
    up.sort((one, other) => backends.indexOf(one) - backends.indexOf(other));
    return `${name} is back, and empty. Nobody has a cookie that names it now.`;
  }

  function bars(chosen?: string) {
    return backends.map((name) => {
      const held = [...sessions].filter(([, home]) => home === name).map(([user]) => user);
      const state = up.includes(name) ? held.join(', ') || 'none' : 'down';
      return { name, value: held.length, chosen: name === chosen, words: state };
    });
  }
}

function noteOf(user: string, named: string | undefined, isBound: boolean, chosen: string, home: string | undefined) {
  if (named === undefined)
    return `${user} brings no cookie. It is the turn of ${chosen}, which serves the login and keeps the session; the answer sets SERVERID=${chosen}.`;
  if (isBound) return `${user} brings SERVERID=${named}. ${named} is up and knows the session.`;
  const loss = home === undefined ? `, which has never heard of ${user}: 401, and a new login` : '';
  return `${user} brings SERVERID=${named}, and ${named} is down. The turn is that of ${chosen}${loss}. The answer sets SERVERID=${chosen}.`;
}

/** The engine's own policies, asked as its balancer asks them: who is bound first, then the picker; then the client keeps the cookie it gets. */
function engineBalancer(names: readonly string[]) {
  const scenario = world({
    pools: [
      {
        picker: { name: 'round-robin' },
        affinity: { name: 'inserted-cookie' },
        backends: names.map((id) => ({ id, service: { default: { kind: 'constant', valueUs: 1 } } })),
      },
    ],
  });
  const { picker, affinity: stays } = [...policiesFor(scenario).pools.values()][0]!;
  const affinity = stays!;
  const all = names.map((id) => backendLike({ id }));
  const jar = new Map<string, string>();
  let members: readonly Backend[] = all;
  tell();

  function tell(): void {
    picker.onPoolChange?.(members, context(0));
    affinity.onPoolChange?.(members, context(0));
  }
  return {
    change(up: readonly string[]): string {
      const before = members.map(({ id }) => id);
      members = all.filter(({ id }) => up.includes(id));
      tell();
      const now = members.map(({ id }) => id);
      const gone = before.find((id) => !now.includes(id));
      return gone === undefined ? `+${now.find((id) => !before.includes(id))!}` : `−${gone}`;
    },
    ask(user: string): string {
      const cookie = jar.get(user);
      const request = requestLike(cookie === undefined ? {} : { headers: { cookie } });
      const backend = affinity.find(members, request, context(0)) ?? picker.pick(members, request, context(0))!;
      const set = affinity.remember(backend, request, context(0));
      if (set !== undefined) jar.set(user, set.split(';')[0]!);
      return backend.id;
    },
  };
}
