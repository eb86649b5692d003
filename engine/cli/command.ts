/** Runs a command. What goes wrong is said in its own words, without a stack, and the process ends with `exitCode`. */
export async function command(work: () => void | Promise<void>, exitCode = 1): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = exitCode;
  }
}

/** What `read` makes of the arguments. What is wrong with them is said, and how the command is used. */
export function withUsage<Arguments>(usage: string, read: () => Arguments): Arguments {
  try {
    return read();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`, { cause: error });
  }
}
