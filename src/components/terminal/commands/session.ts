import { nearest } from '../../../../engine/index.ts';
import { expectAtMost, UsageError, type Command, type CommandShell } from '../command.ts';
import { clock } from '../describe.ts';
import { line, quiet, strong, type Block } from '../text.ts';
import { parseWhole } from '../quantity.ts';

export const session: readonly Command[] = [
  {
    name: 'help',
    usage: 'help [command]',
    summary: 'List the commands, or explain one.',
    example: 'help curl',
    run: help,
  },
  {
    name: 'scenario',
    usage: 'scenario [name]',
    summary: 'List the library of worlds, or load one.',
    details: ['Loading starts the world from 0; what you did to the last one is dropped.'],
    example: 'scenario equal-turns',
    complete: (args, lab) => (args.length === 0 ? lab.library.map(({ name }) => name) : []),
    run: scenario,
  },
  {
    name: 'seed',
    usage: 'seed [number]',
    summary: 'Say the seed of the run, or start the world again with another.',
    details: ['The same seed gives the same run, event for event. A seed is a whole number from 0 to 4294967295.'],
    example: 'seed 7',
    async run(args, { lab, print }) {
      expectAtMost(args, 1);
      const [wanted] = args;
      if (wanted === undefined) {
        print(line(`Seed ${lab.seed}.`));
        return;
      }
      const seed = parseWhole(wanted, 0);
      if (seed === undefined || seed > 0xffffffff)
        throw new UsageError(`"${wanted}" is not a whole number from 0 to 4294967295`);
      await lab.load({ seed });
      print(line(`${lab.scenario.name} from the start, seed ${seed}.`));
    },
  },
  {
    name: 'reset',
    usage: 'reset',
    summary: 'Start the world again as it was loaded.',
    details: ['What you did to it is dropped. seek 0 goes back too, and keeps it.'],
    example: 'reset',
    async run(args, { lab, print }) {
      expectAtMost(args, 0);
      await lab.load({});
      print(line(`${lab.scenario.name} from the start, seed ${lab.seed}.`));
    },
  },
  {
    name: 'history',
    usage: 'history',
    summary: 'List what you typed. Up and Down bring it back.',
    example: 'history',
    run(args, { history, print }) {
      expectAtMost(args, 0);
      const width = String(history.length).length;
      print(...history.map((entry, index) => line(quiet(`${String(index + 1).padStart(width)}  `), entry)));
      return Promise.resolve();
    },
  },
  {
    name: 'clear',
    usage: 'clear',
    summary: 'Empty the screen.',
    example: 'clear',
    run(args, { clear }) {
      expectAtMost(args, 0);
      clear();
      return Promise.resolve();
    },
  },
];

function help(args: readonly string[], { commands, print }: CommandShell): Promise<void> {
  expectAtMost(args, 1);
  const [name] = args;
  if (name === undefined) {
    print(...overview(commands));
    return Promise.resolve();
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = nearest(
      name,
      commands.map((candidate) => candidate.name),
    );
    throw new UsageError(`no command ${name}${near === undefined ? '' : `. Did you mean ${near}?`}`);
  }
  print(
    line(strong(command.usage)),
    line(command.summary),
    ...(command.details ?? []).map((detail) => line(detail)),
    line(quiet('Example: '), command.example),
  );
  return Promise.resolve();
}

function overview(commands: readonly Command[]): readonly Block[] {
  return [
    {
      kind: 'table',
      caption: 'Commands',
      columns: [{ head: 'command' }, { head: 'what it does' }],
      rows: commands.map((command) => [strong(command.usage), { text: command.summary }]),
    },
    line('Tab completes, Up and Down go through what you typed, Ctrl-C stops. Escape then Tab leaves the terminal.'),
  ];
}

async function scenario(args: readonly string[], { lab, print }: CommandShell): Promise<void> {
  expectAtMost(args, 1);
  const [name] = args;
  const names = lab.library.map((entry) => entry.name);
  if (name === undefined) {
    print({
      kind: 'table',
      caption: 'Scenarios',
      columns: [{ head: 'scenario' }, { head: 'title' }],
      rows: lab.library.map((entry) => [
        { text: entry.name, strong: entry.name === lab.scenario.name },
        { text: entry.title },
      ]),
    });
    print(line(`Loaded: ${lab.scenario.name}, seed ${lab.seed}, ${clock(lab.nowUs)}.`));
    return;
  }
  if (!names.includes(name)) {
    const near = nearest(name, names);
    throw new UsageError(
      `no scenario ${name}. ${near === undefined ? `Scenarios: ${names.join(', ')}` : `Did you mean ${near}?`}`,
    );
  }
  await lab.load({ name });
  print(line(strong(lab.scenario.title)), line(lab.scenario.shows));
}
