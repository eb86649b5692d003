/**
 * Processor time of this thread: on a machine that has other work, wall-clock time would measure that work. What the garbage collector does
 * on threads of its own is not in it; `node --single-threaded-gc test/bench/bench.ts loop random 10` puts that in.
 */
export function busySeconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000_000;
}
