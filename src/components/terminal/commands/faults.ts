import { expectAtMost, UsageError, type Command, type CommandShell } from '../command.ts';
import { clock } from '../describe.ts';
import type { Deed } from '../lab.ts';
import { line } from '../text.ts';
import { parsePositive } from '../quantity.ts';

/** What happens to a server behind the balancer's back. The balancer has to find out by itself. */
export const faults: readonly Command[] = [
  fault('kill', 'crash', 'Crash a backend: connections are refused, requests in progress are lost.', [
    'The balancer is not told. With health checks it finds out after a few failed ones; until then it keeps sending.',
  ]),
  fault('hang', 'hang', 'Hang a backend: it accepts connections and never answers.', [
    'Only a timeout tells a hung server from a slow one.',
  ]),
  {
    name: 'slow',
    usage: 'slow <backend> <factor>',
    summary: 'Make a backend take <factor> times as long for all its work.',
    details: ['The factor is 1 or more; 1 is normal speed. It also holds for what is being served now.'],
    example: 'slow s2 5',
    complete: (args, lab) => (args.length === 0 ? lab.backendIds : []),
    async run(args, shell) {
      const backend = backendArgument(args, shell);
      const factor = args[1];
      if (factor === undefined) throw new UsageError('by what factor?');
      expectAtMost(args, 2);
      const value = parsePositive(factor);
      if (value === undefined || value < 1) throw new UsageError(`"${factor}" is not a number of 1 or more`);
      await act(shell, { do: 'slow', backend, factor: value });
    },
  },
  fault('recover', 'recover', 'Make a crashed, hung or slow backend well again.', [
    'The balancer uses it again once enough health checks have passed.',
  ]),
];

function fault(name: string, what: 'crash' | 'hang' | 'recover', summary: string, details: readonly string[]): Command {
  return {
    name,
    usage: `${name} <backend>`,
    summary,
    details,
    example: `${name} s2`,
    complete: (args, lab) => (args.length === 0 ? lab.backendIds : []),
    async run(args, shell) {
      const backend = backendArgument(args, shell);
      expectAtMost(args, 1);
      await act(shell, { do: what, backend });
    },
  };
}

async function act({ lab, print }: CommandShell, deed: Deed): Promise<void> {
  const words = await lab.apply(deed);
  print(line(`${clock(lab.nowUs)}: ${words}.`));
}

/** The first argument, which must name a backend in service. */
function backendArgument([id]: readonly string[], { lab }: CommandShell): string {
  if (id !== undefined && lab.backendIds.includes(id)) return id;
  const known = lab.backendIds.slice(0, MOST_NAMES).join(', ');
  const more = lab.backendIds.length > MOST_NAMES ? ` and ${lab.backendIds.length - MOST_NAMES} more` : '';
  throw new UsageError(`${id === undefined ? 'which backend?' : `no backend ${id}.`} Backends: ${known}${more}`);
}

const MOST_NAMES = 12;
