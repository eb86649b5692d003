import type { Command } from '../command.ts';
import { clockCommands } from './clock.ts';
import { curl } from './curl.ts';
import { faults } from './faults.ts';
import { session } from './session.ts';
import { watching } from './watching.ts';

/** Every command, in the order of `help`. */
export const COMMANDS: readonly Command[] = [...clockCommands, ...watching, ...faults, curl, ...session];
