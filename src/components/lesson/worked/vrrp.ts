import { policiesFor } from '../../../../engine/index.ts';
import type { Bar, WorkedStep } from '../worked-types.ts';
import { agree, context, listed, world } from './engine.ts';

interface Props {
  /** Of the backups that are looked at, by name. */
  readonly backups: Readonly<Record<string, number>>;
  /** The master at the start, and its priority. */
  readonly master: Readonly<Record<string, number>>;
  /** Between two advertisements, seconds. */
  readonly interval: number;
  /**
   * What happens in turn: `advert` (the first master advertises), `resign` (it does so with priority 0), `silence 1` (a second without a word of it), or `expire`:
   * time goes on until the first timer has run out.
   */
  readonly events: string;
}

/** VRRP as its backups live it: an advertisement sets their timers, and the one whose timer runs out first rules. Bars show what is left of each timer, in seconds. */
export function vrrp({ backups, master, interval, events }: Props): WorkedStep[] {
  const names = Object.keys(backups);
  const [first, firstPriority] = Object.entries(master)[0]!;
  const skew = (name: string): number => ((256 - backups[name]!) / 256) * interval;
  const down = (name: string): number => 3 * interval + skew(name);
  const left = new Map(names.map((name) => [name, down(name)]));
  const engine = engineBackups({ backups, interval });
  const shown: string[] = [];
  const answers: string[] = [];
  let rules: string | undefined;

  const steps = events.split(/,\s*/).map((event): WorkedStep => {
    const [what = '', seconds] = event.trim().split(/\s+/);
    const step = { advert, resign, silence, expire }[what]!(Number(seconds));
    const state = names.map((name) => (name === rules ? 'master' : left.get(name)!.toFixed(3)));
    shown.push([step.result, ...state].join(' '));
    answers.push([step.result, ...engine.state()].join(' '));
    return step;
  });
  agree(
    'VRRP',
    steps.map((step, index) => ({ ...step, result: shown[index]! })),
    answers,
  );
  return steps;

  function advert(): WorkedStep {
    const yields = rules === undefined ? '' : `${rules} hears a higher priority than its own and is backup again. `;
    rules = undefined;
    for (const name of names) left.set(name, down(name));
    engine.hear(firstPriority);
    const timers = names.map((name) => `${name} to ${words(down(name))}`);
    return {
      phase: yields === '' ? 'advert' : 'yield',
      note: `${first} advertises with priority ${firstPriority}. ${yields}Timers are set anew: ${listed(timers)}.`,
      bars: bars(),
      result: first,
    };
  }

  function resign(): WorkedStep {
    for (const name of names) left.set(name, skew(name));
    engine.hear(0);
    return {
      phase: 'resign',
      note: `${first} stops in good order and says so, with priority 0. Nobody waits for three intervals now: only the skew is left.`,
      bars: bars(),
      result: '–',
    };
  }

  function silence(seconds: number): WorkedStep {
    for (const name of names) left.set(name, left.get(name)! - seconds);
    engine.wait(seconds);
    return {
      phase: 'silence',
      note: `${words(seconds)} without an advertisement. The address is ${first}'s, and ${first} is silent: requests are lost.`,
      bars: bars(),
      result: '–',
    };
  }

  function expire(): WorkedStep {
    const soonest = Math.min(...left.values());
    const winner = names.find((name) => left.get(name) === soonest)!;
    const before = bars(winner);
    for (const name of names) left.set(name, down(name));
    rules = winner;
    engine.wait(soonest);
    engine.expire(winner);
    return {
      phase: 'expire',
      note: `${words(soonest)} later the timer of ${winner} has run out, before any other. It announces the address and advertises with priority ${backups[winner]!}, which sets the others' timers anew.`,
      bars: before,
      result: winner,
    };
  }

  function bars(chosen?: string): Bar[] {
    return names.map((name) => ({
      name,
      value: Number(left.get(name)!.toFixed(3)),
      chosen: name === chosen,
      words: words(left.get(name)!),
    }));
  }
}

function words(seconds: number): string {
  return `${Number(seconds.toFixed(3))}\u00a0s`;
}

/** The engine's electors of the backups, at one moment after another. */
function engineBackups({ backups, interval }: Pick<Props, 'backups' | 'interval'>) {
  const intervalUs = interval * 1_000_000;
  const names = Object.keys(backups);
  const { tier } = policiesFor(
    world({
      tier: {
        nodes: names.map((id) => ({ id, priority: backups[id] })),
        reach: { kind: 'virtual-ip', advertiseUs: intervalUs },
      },
      pools: [
        {
          picker: { name: 'round-robin' },
          backends: [{ id: 's1', service: { default: { kind: 'constant', valueUs: 1 } } }],
        },
      ],
    }),
  );
  let nowUs = 0;
  const electors = new Map(names.map((name) => [name, tier!.electors!.get(name)!()]));
  const roles = new Map<string, string>();
  const deadlines = new Map<string, number>();

  function tell(name: string, priority: number | undefined, sender = 0): void {
    const advertisement = priority === undefined ? undefined : { priority, address: sender, intervalUs };
    const { role, timerUs } = electors.get(name)!.next(advertisement, context(nowUs));
    roles.set(name, role);
    deadlines.set(name, nowUs + timerUs);
  }

  return {
    hear(priority: number) {
      for (const name of names) tell(name, priority, 99);
    },
    wait(seconds: number) {
      // Deadlines are whole microseconds, rounded up.
      nowUs += Math.ceil(seconds * 1_000_000);
    },
    expire(winner: string) {
      tell(winner, undefined);
      for (const name of names) if (name !== winner) tell(name, backups[winner], 1);
    },
    state: () =>
      names.map((name) =>
        roles.get(name) === 'master' ? 'master' : ((deadlines.get(name)! - nowUs) / 1_000_000).toFixed(3),
      ),
  };
}
