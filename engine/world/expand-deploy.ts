import type { Deploy, Version } from './scenario-faults.ts';

interface Member {
  readonly id: string;
  readonly pool: string;
  readonly weight: number;
}

type On<Name extends string> = { readonly do: Name; readonly atUs: number; readonly backend: string };

/** The steps that deploys are made of. */
export type DeployStep =
  | On<'crash' | 'recover' | 'drain' | 'undrain' | 'enable' | 'disable'>
  | (On<'set-weight'> & { readonly weight: number })
  | (On<'slow'> & { readonly factor: number })
  | (On<'fail'> & { readonly share: number; readonly status: number; readonly afterUs: number });

type Rolling = Extract<Deploy, { strategy: 'rolling' }>;
type BlueGreen = Extract<Deploy, { strategy: 'blue-green' }>;
type Canary = Extract<Deploy, { strategy: 'canary' }>;

/** The steps of a deploy that begins at `atUs`, in the order of time. */
export function expandDeploy(deploy: Deploy, atUs: number, members: readonly Member[]): DeployStep[] {
  const steps = stepsOf(deploy, atUs, members);
  return steps.toSorted((a, b) => a.atUs - b.atUs);
}

function stepsOf(deploy: Deploy, atUs: number, members: readonly Member[]): DeployStep[] {
  switch (deploy.strategy) {
    case 'rolling':
      return rolling(deploy, atUs, members);
    case 'blue-green':
      return blueGreen(deploy, atUs);
    case 'canary':
      return canary(deploy, atUs, members);
  }
}

/** A rollback lets the batch that is being restarted come up, and then goes through those that have the new version, in the same way. */
function rolling(deploy: Rolling, atUs: number, members: readonly Member[]): DeployStep[] {
  const ids = members.filter(({ pool }) => pool === deploy.pool).map(({ id }) => id);
  const batches = Array.from({ length: Math.ceil(ids.length / deploy.batch) }, (_, at) =>
    ids.slice(at * deploy.batch, (at + 1) * deploy.batch),
  );
  const lastsUs = deploy.drainUs + deploy.restartUs + deploy.settleUs;
  const stopsUs = deploy.rollbackAfterUs ?? Infinity;
  const begun = batches.filter((_, at) => at * lastsUs < stopsUs);
  const there = begun.flatMap((batch, at) => restart(batch, deploy, atUs + at * lastsUs, deploy.version));
  if (stopsUs === Infinity) return there;
  const backUs = atUs + Math.max(stopsUs, begun.length * lastsUs);
  return [...there, ...begun.flatMap((batch, at) => restart(batch, deploy, backUs + at * lastsUs, undefined))];
}

function restart(
  batch: readonly string[],
  { drainUs, restartUs }: Rolling,
  atUs: number,
  version: Version | undefined,
): DeployStep[] {
  const drains = drainUs > 0;
  return batch.flatMap((backend): DeployStep[] => [
    ...(drains ? [{ do: 'drain', atUs, backend } as const] : []),
    { do: 'crash', atUs: atUs + drainUs, backend },
    ...comesUp(backend, atUs + drainUs + restartUs, version),
    ...(drains ? [{ do: 'undrain', atUs: atUs + drainUs + restartUs, backend } as const] : []),
  ]);
}

function blueGreen({ from, to, version, rollbackAfterUs }: BlueGreen, atUs: number): DeployStep[] {
  const there = [
    ...to.flatMap((backend) => [...comesUp(backend, atUs, version), { do: 'enable', atUs, backend } as const]),
    ...from.map((backend) => ({ do: 'drain', atUs, backend }) as const),
  ];
  if (rollbackAfterUs === undefined) return there;
  const backUs = atUs + rollbackAfterUs;
  return [
    ...there,
    ...from.map((backend) => ({ do: 'undrain', atUs: backUs, backend }) as const),
    ...to.map((backend) => ({ do: 'disable', atUs: backUs, backend }) as const),
  ];
}

/** With weights w of the others, n canaries have a share s of all when each weighs w s / (1 - s) / n. */
function canary(
  { backends, shares, stepUs, version, rollbackAfterUs }: Canary,
  atUs: number,
  members: readonly Member[],
): DeployStep[] {
  const chosen = members.filter(({ id }) => backends.includes(id));
  const others = members.filter(({ id, pool }) => pool === chosen[0]?.pool && !backends.includes(id));
  const total = others.reduce((sum, { weight }) => sum + weight, 0);
  const weights = shares.map((share) => (total * share) / (1 - share) / backends.length);
  const endUs = atUs + Math.min(rollbackAfterUs ?? Infinity, shares.length * stepUs);
  const isGood = rollbackAfterUs === undefined || rollbackAfterUs > shares.length * stepUs;
  const up = weights.flatMap((weight, at) =>
    chosen
      .filter(() => atUs + at * stepUs < endUs)
      .map(({ id }) => ({ do: 'set-weight', atUs: atUs + at * stepUs, backend: id, weight }) as const),
  );
  return [
    ...chosen.flatMap(({ id }) => comesUp(id, atUs, version)),
    ...up,
    ...chosen.map(({ id, weight }) => ({ do: 'set-weight', atUs: endUs, backend: id, weight }) as const),
    ...(isGood ? others : chosen).flatMap(({ id }) => comesUp(id, endUs, isGood ? version : undefined)),
  ];
}

/** It runs, with the version's faults, or with none. */
function comesUp(backend: string, atUs: number, version: Version | undefined): DeployStep[] {
  const steps: DeployStep[] = [{ do: 'recover', atUs, backend }];
  if (version === undefined) return steps;
  const { errorShare, status, slowFactor } = version;
  if (slowFactor > 1) steps.push({ do: 'slow', atUs, backend, factor: slowFactor });
  if (errorShare > 0) steps.push({ do: 'fail', atUs, backend, share: errorShare, status, afterUs: 0 });
  return steps;
}
