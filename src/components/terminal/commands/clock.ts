import { formatClock, formatCount } from '../../chart/format.ts';
import { expectAtMost, UsageError, type Command, type CommandShell } from '../command.ts';
import { clock, eventLine } from '../describe.ts';
import { SPEEDS } from '../lab.ts';
import { line, quiet } from '../text.ts';
import { parseDuration, parsePositive, parseWhole } from '../quantity.ts';

const MOST_STEPS = 1000;

export const clockCommands: readonly Command[] = [
  {
    name: 'run',
    usage: 'run [duration]',
    summary: 'Start the clock; with a duration, run for that long and wait.',
    details: [
      'Without a duration you get the prompt back at once and can work while it runs, up to the end of the scenario.',
      'Durations: 250ms, 10s, 1.5m; a bare number is seconds. Ctrl-C or pause stops the clock.',
    ],
    example: 'run 5s',
    run,
  },
  {
    name: 'pause',
    usage: 'pause',
    summary: 'Stop the clock.',
    example: 'pause',
    async run(args, { lab, print }) {
      expectAtMost(args, 0);
      if (!lab.running) print(line(`The clock stands already, at ${clock(lab.nowUs)}.`));
      await lab.pause();
    },
  },
  {
    name: 'step',
    usage: 'step [n]',
    summary: 'Go on by one event, or by n, and say what happened.',
    details: [`At most ${formatCount(MOST_STEPS)} at once. Stepping stops a running clock.`],
    example: 'step 10',
    run: step,
  },
  {
    name: 'back',
    usage: 'back',
    summary: 'Go back by one event.',
    example: 'back',
    async run(args, { lab, print }) {
      expectAtMost(args, 0);
      await lab.back();
      print(line(clock(lab.nowUs)));
    },
  },
  {
    name: 'seek',
    usage: 'seek <time>',
    summary: 'Go to a moment of the run, forwards or backwards.',
    details: [
      'Times: 8s, 250ms, 1.5m; a bare number is seconds. +2s and -2s count from now.',
      'The run is replayed from the start with everything you did, so each moment is exactly what it was.',
    ],
    example: 'seek 8s',
    run: seek,
  },
  {
    name: 'speed',
    usage: 'speed [factor]',
    summary: 'Say or set how many simulated seconds pass in a second.',
    details: [`From ${SPEEDS.least} to ${formatCount(SPEEDS.most)}.`],
    example: 'speed 4',
    complete: (args) => (args.length === 0 ? ['0.25', '1', '4', '100'] : []),
    run: speed,
  },
];

async function run(args: readonly string[], shell: CommandShell): Promise<void> {
  const { lab } = shell;
  expectAtMost(args, 1);
  const [duration] = args;
  const forUs = duration === undefined ? Infinity : parseDuration(duration);
  if (forUs === undefined || forUs === 0)
    throw new UsageError(`"${duration!}" is not a duration. Write 250ms, 10s or 1.5m`);
  if (lab.ended || lab.running) {
    const ended = `The scenario ended at ${clock(lab.nowUs)}. seek 0 goes back to its start.`;
    shell.print(line(lab.ended ? ended : 'The clock runs already. Ctrl-C or pause stops it.'));
    return;
  }

  const ran = lab.run(Math.min(lab.nowUs + forUs, lab.scenario.durationUs)).then(() => report(shell));
  if (duration !== undefined) {
    await ran;
    return;
  }
  shell.print(line('Running. Ctrl-C or pause stops the clock.'));
  ran.catch((error: unknown) => shell.print(line(`run: ${error instanceof Error ? error.message : String(error)}`)));
}

function report({ lab, print }: CommandShell): void {
  const { arrived, served, failed } = lab.counts;
  const counts = `${formatCount(arrived)} arrived, ${formatCount(served)} served, ${formatCount(failed)} failed`;
  print(line(`${lab.ended ? 'The scenario ended' : 'Stopped'} at ${clock(lab.nowUs)}: ${counts}.`));
}

async function step(args: readonly string[], { lab, print, signal }: CommandShell): Promise<void> {
  expectAtMost(args, 1);
  const times = args[0] === undefined ? 1 : parseWhole(args[0], 1);
  if (times === undefined) throw new UsageError(`"${args[0]!}" is not a whole number of 1 or more`);
  if (times > MOST_STEPS) throw new UsageError(`${formatCount(times)} steps are too many; run or seek goes farther`);
  await lab.pause();
  for (let i = 0; i < times && !signal.aborted; i++) {
    const events = await lab.step();
    if (events.length === 0) {
      print(line(`The scenario ended at ${clock(lab.nowUs)}.`));
      return;
    }
    print(...events.map(eventLine));
  }
}

async function seek(args: readonly string[], { lab, print }: CommandShell): Promise<void> {
  const [to] = args;
  if (to === undefined) throw new UsageError('to which time?');
  expectAtMost(args, 1);
  const sign = /^[+-]/.exec(to)?.[0];
  const amount = parseDuration(to.slice(sign?.length ?? 0));
  if (amount === undefined) throw new UsageError(`"${to}" is not a time. Write 8s, 250ms, +2s or -2s`);
  const wanted = sign === undefined ? amount : lab.nowUs + (sign === '+' ? amount : -amount);
  const atUs = Math.max(0, Math.min(wanted, lab.scenario.durationUs));
  await lab.pause();
  await lab.seek(atUs);
  const note = wanted === atUs ? '' : `, as far as this scenario goes (0 to ${formatClock(lab.scenario.durationUs)} s)`;
  print(line(clock(lab.nowUs), quiet(note)));
}

function speed(args: readonly string[], { lab, print }: CommandShell): Promise<void> {
  expectAtMost(args, 1);
  const [wanted] = args;
  if (wanted !== undefined) {
    const factor = parsePositive(wanted);
    if (factor === undefined || factor < SPEEDS.least || factor > SPEEDS.most) {
      throw new UsageError(`"${wanted}" is not a number from ${SPEEDS.least} to ${formatCount(SPEEDS.most)}`);
    }
    lab.setSpeed(factor);
  }
  print(
    line(
      `Speed ${lab.speed}: ${lab.speed === 1 ? 'one simulated second' : `${lab.speed} simulated seconds`} a second.`,
    ),
  );
  return Promise.resolve();
}
