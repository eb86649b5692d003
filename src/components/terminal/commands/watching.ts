import { formatCount, formatUs } from '../../chart/format.ts';
import { expectAtMost, UsageError, type Command, type CommandShell } from '../command.ts';
import { clock, eventLine, stateWord } from '../describe.ts';
import { EVENT_NAMES, WINDOW_US, type EventFilter, type Lab } from '../lab.ts';
import { line, quiet, type Span } from '../text.ts';
import { parseWhole } from '../quantity.ts';

const MOST_LINES = 1000;

export const watching: readonly Command[] = [
  {
    name: 'top',
    usage: 'top',
    summary: 'Show each backend: what the balancer believes, what is true, and what it is doing.',
    details: [
      `p99 is over the requests served in the last ${WINDOW_US / 1_000_000} s, of which there were n.`,
      'Where belief and truth differ, the balancer does not know yet, or cannot know.',
    ],
    example: 'top',
    run: top,
  },
  {
    name: 'tail',
    usage: 'tail [n] [-f] [backend|event]',
    summary: 'Show the last events, 10 unless told; -f follows them as they happen.',
    details: [
      `Keep only one backend, or one kind of event: ${EVENT_NAMES.join(', ')}.`,
      'tail -f starts the clock if it stands. Ctrl-C stops both.',
    ],
    example: 'tail 20 health',
    complete: (args, lab) => ['-f', ...EVENT_NAMES, ...lab.backendIds].filter((word) => !args.includes(word)),
    run: tail,
  },
];

async function top(args: readonly string[], { lab, print }: CommandShell): Promise<void> {
  expectAtMost(args, 0);
  const backends = await lab.backends();
  const pools = new Set(backends.map((backend) => backend.pool)).size > 1;
  const headings = ['weight', 'believed', 'is', 'in flight', 'queued', 'served', 'failed', 'p99', 'n'];
  const words = new Set(['id', 'pool', 'believed', 'is']);
  print(line(clock(lab.nowUs), quiet(`, ${lab.scenario.name}, seed ${lab.seed}`)));
  print({
    kind: 'table',
    caption: `Backends at ${clock(lab.nowUs)}`,
    columns: ['id', ...(pools ? ['pool'] : []), ...headings].map((head) => ({ head, number: !words.has(head) })),
    rows: backends.map((backend): Span[] => [
      { text: backend.id, strong: true },
      ...(pools ? [{ text: backend.pool }] : []),
      { text: String(backend.weight) },
      stateWord(backend.believed),
      stateWord(backend.truth),
      ...[backend.inFlight, backend.queued, backend.served, backend.failed].map((n) => ({ text: formatCount(n) })),
      { text: formatUs(backend.p99Us) },
      { text: formatCount(backend.n) },
    ]),
  });
}

async function tail(args: readonly string[], shell: CommandShell): Promise<void> {
  const { lab, print } = shell;
  const { count, follow, filter } = tailArguments(args, lab);
  const past = await lab.events(filter, count);
  if (past.length === 0 && !follow) print(line('No such events yet. run, step or seek makes some.'));
  print(...past.map(eventLine));
  if (follow) await followEvents(shell, filter);
}

function tailArguments(
  args: readonly string[],
  lab: Lab,
): { readonly count: number; readonly follow: boolean; readonly filter: EventFilter } {
  let count = 10;
  let follow = false;
  let filter: EventFilter = {};
  for (const arg of args) {
    const kind = EVENT_NAMES.find((name) => name === arg);
    if (arg === '-f') follow = true;
    else if (kind !== undefined) filter = { ...filter, kind };
    else if (lab.backendIds.includes(arg)) filter = { ...filter, backend: arg };
    else count = lineCount(arg);
  }
  return { count, follow, filter };
}

function lineCount(arg: string): number {
  const count = parseWhole(arg, 1);
  if (count === undefined) throw new UsageError(`"${arg}" is neither a number of lines, -f, a backend nor an event`);
  if (count > MOST_LINES) throw new UsageError(`at most ${formatCount(MOST_LINES)} lines`);
  return count;
}

/** Until Ctrl-C or the end of the scenario. */
async function followEvents({ lab, print }: CommandShell, filter: EventFilter): Promise<void> {
  const stop = lab.follow(filter, (events, more) => {
    print(...events.map(eventLine));
    if (more) print(line(quiet('… more than can be shown; name a backend or an event to see all of those')));
  });
  await (lab.running ? lab.stopped() : lab.run(lab.scenario.durationUs));
  stop();
  print(line(`Stopped at ${clock(lab.nowUs)}.`));
}
