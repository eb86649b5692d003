import { BELIEVED } from '../../balancer/roster.ts';
import type { Finding, Recording } from './finding.ts';
import { notApplicable, same } from './finding.ts';
import { Stage } from './health-stage.ts';
import type { Answer } from './health-stage.ts';

type Row = Readonly<Record<string, unknown>>;
const OK: Answer = { kind: 'served', status: 200 };

/** "200ms", "1s", "2000" (milliseconds) after a keyword of a configuration. */
function durationUs(config: string, keyword: RegExp): number | undefined {
  const found = new RegExp(`(?:^|\\s)(?:${keyword.source})\\s+(\\d+)(us|ms|s|m)?(?=\\s|$)`, 'm').exec(config);
  if (found === null) return undefined;
  const unit = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 }[found[2] ?? 'ms']!;
  return Number(found[1]) * unit;
}

function number(config: string, keyword: string, otherwise: number): number {
  const found = new RegExp(`\\s${keyword}\\s+(\\d+)`).exec(config);
  return found === null ? otherwise : Number(found[1]);
}

function word(config: string, keyword: string, otherwise: string): string {
  return new RegExp(`\\s${keyword}\\s+([a-z0-9-]+)`).exec(config)?.[1] ?? otherwise;
}

/** The health check of a recorded configuration, with HAProxy's defaults. */
function healthOf(config: string) {
  const intervalUs = durationUs(config, /inter/) ?? 2_000_000;
  const fastIntervalUs = durationUs(config, /fastinter/);
  const downIntervalUs = durationUs(config, /downinter/);
  return {
    check: 'http',
    schedule: 'after-result',
    intervalUs,
    timeoutUs: durationUs(config, /timeout check/) ?? intervalUs,
    ...(fastIntervalUs !== undefined && { fastIntervalUs }),
    ...(downIntervalUs !== undefined && { downIntervalUs }),
    policy: {
      name: 'haproxy-check',
      options: {
        fall: number(config, 'fall', 3),
        rise: number(config, 'rise', 2),
        observe: word(config, 'observe', 'none'),
        errorLimit: number(config, 'error-limit', 10),
        onError: word(config, 'on-error', 'fail-check'),
      },
    },
  } as const;
}

type Health = ReturnType<typeof healthOf>;

/**
 * Detection and recovery, row by row. The fault comes as long after the last good check as recorded, so ours is one number, and the recorded one may be later by
 * what the machine added to each interval: as much as the file itself measured between healthy checks. When the repair fell into the interval is not
 * recorded, so recovery must lie between the soonest and the latest of ours over all phases.
 */
export function timing(recording: Recording): Finding {
  const health = healthOf(recording.config);
  const { min = 0, max = 0 } = recording['healthy_check_gaps_ms'] as { min?: number; max?: number };
  if (max === 0) return notApplicable('the file does not say how far apart healthy checks were');
  const lateMs = max - health.intervalUs / 1_000;
  const { fall, rise } = health.policy.options;
  const recoveries = new Map<string, readonly [soonest: number, latest: number]>();
  for (const row of recording.requests) {
    const kind = String(row['kind']);
    const sinceMs = Number(row['since_last_good_check_ms']);
    const { detectMs } = detected(health, kind, sinceMs);
    // A good check is a little earlier than its log line.
    const earlyMs = Math.max(0, health.intervalUs / 1_000 - min) + EPSILON_MS;
    const found = within(
      `run ${String(row['run'])} (${kind}) detect_ms`,
      row['detect_ms'],
      detectMs - earlyMs,
      detectMs + fall * lateMs,
    );
    if (found) return found;
    const bounds = recoveries.get(kind) ?? recovered(health, kind);
    recoveries.set(kind, bounds);
    const back = within(
      `run ${String(row['run'])} (${kind}) recover_ms`,
      row['recover_ms'],
      bounds[0] - EPSILON_MS,
      bounds[1] + rise * lateMs,
    );
    if (back) return back;
  }
  return { is: 'matched' };
}

/** Two clocks are read for each recorded time, each to the millisecond. */
const EPSILON_MS = 2;

function within(where: string, recorded: unknown, from: number, to: number): Finding | undefined {
  if (Number(recorded) >= from && Number(recorded) <= to) return undefined;
  return { is: 'differing', where, expected: recorded, got: `${from.toFixed(1)} to ${to.toFixed(1)}` };
}

/** How long after the fault ours is down, and the stage at that time. */
function detected(health: Health, kind: string, sinceMs: number): { detectMs: number; stage: Stage } {
  const stage = new Stage({ health }, [{ name: 's1', weight: 1 }]);
  // The good check to count from is one that has just come in.
  const goodUs =
    stage
      .at(10 * health.intervalUs)
      .noted('probed', 's1')
      .at(-1)!.atUs + health.intervalUs;
  return breakAt(stage, health, kind, goodUs + Math.min(Math.round(sinceMs * 1_000), health.intervalUs - 1));
}

function breakAt(
  stage: Stage,
  { intervalUs, timeoutUs, policy }: Health,
  kind: string,
  faultUs: number,
): { detectMs: number; stage: Stage } {
  stage.at(faultUs);
  breakDown(stage, kind);
  stage.at(faultUs + (policy.options.fall + 1) * (intervalUs + timeoutUs));
  const down = stage.noted('health', 's1', faultUs).find(({ value }) => value === BELIEVED.unhealthy);
  return { detectMs: down === undefined ? Infinity : (down.atUs - faultUs) / 1_000, stage };
}

function breakDown(stage: Stage, kind: string): void {
  if (kind === 'hang') stage.act({ do: 'hang', backend: 's1' });
  else if (/^\d{3}$/.test(kind)) stage.act({ do: 'answer-checks', backend: 's1', status: Number(kind), body: '' });
  else stage.act({ do: 'crash', backend: 's1' });
}

const PHASES = 200;

/** The soonest and latest recovery over the phases of a whole round of checks of a backend that is down, in milliseconds. */
function recovered(health: Health, kind: string): readonly [number, number] {
  const roundUs = (health.downIntervalUs ?? health.intervalUs) + (kind === 'hang' ? health.timeoutUs : 0);
  const times = Array.from({ length: PHASES }, (_, phase) => {
    const { stage } = detected(health, kind, 1);
    const repairUs = stage.nowUs + Math.round((roundUs * phase) / PHASES);
    stage.at(repairUs);
    stage.act({ do: 'recover', backend: 's1' });
    stage.act({ do: 'answer-checks', backend: 's1', status: 200, body: '' });
    stage.at(repairUs + (health.policy.options.rise + 1) * (roundUs + health.intervalUs));
    const up = stage.noted('health', 's1', repairUs).find(({ value }) => value === BELIEVED.healthy);
    return up === undefined ? Infinity : (up.atUs - repairUs) / 1_000;
  });
  // Between two phases lies a step that was not tried.
  const step = roundUs / PHASES / 1_000;
  return [Math.min(...times) - step, Math.max(...times) + step];
}

/**
 * Passive checks: every request at its recorded time, answered as it was there, beside checks that stay green. When in the interval the checks came is not
 * recorded: the replay must be exact, pick by pick, for some phase. Each recorded check took a little longer than its interval, which is the stretch.
 */
export function passive(recording: Recording): Finding {
  const health = healthOf(recording.config);
  const picker = { name: 'haproxy-round-robin' };
  const picks = recording.picks as readonly string[];
  let best: Finding | undefined;
  let furthest = -1;
  for (const stretch of [1, 1.002, 1.004, 1.006]) {
    for (let phase = 0; phase < PHASES / 2; phase++) {
      const stretched = { ...health, intervalUs: Math.round(health.intervalUs * stretch) };
      const stage = new Stage({ picker, health: stretched }, recording.backends);
      const firstUs = stage.at(2 * health.intervalUs).nowUs + Math.round((stretched.intervalUs * phase * 2) / PHASES);
      const got = recording.requests.map((row) =>
        stage.at(firstUs + Math.round(Number(row['t_ms']) * 1_000)).serve((name) => answerIn(recording, row, name)),
      );
      const finding = same(picks, got);
      if (finding.is === 'matched') return finding;
      const differs = picks.findIndex((pick, index) => pick !== got[index]);
      if (differs <= furthest) continue;
      furthest = differs;
      best = finding;
    }
  }
  return best!;
}

/** What the backend answered in the phase of this row: its phase has one kind of answer from each. */
function answerIn({ requests, picks }: Recording, { phase }: Row, name: string): Answer {
  for (const [index, row] of requests.entries()) {
    if (row['phase'] !== phase || picks[index] !== name || Number(row['status']) === 200) continue;
    return Number(row['status']) === 502
      ? { kind: 'reset', status: 0 }
      : { kind: 'served', status: Number(row['status']) };
  }
  return OK;
}

/**
 * Agents: who is picked, request by request, and what the balancer thinks of everybody at the start of each phase, after the agents said something new. They are
 * asked in turn, and whose turn it was when they changed their words is not recorded: the replay must be exact for one of them.
 */
export function agents(recording: Recording): Finding {
  const findings = recording.backends.map((_, turn) => agentsFrom(turn, recording));
  return findings.find(({ is }) => is === 'matched') ?? findings[0]!;
}

function agentsFrom(turn: number, recording: Recording): Finding {
  const { backends, config, requests, picks } = recording;
  const intervalUs = durationUs(config, /agent-inter/) ?? 2_000_000;
  const stage = new Stage(
    {
      picker: { name: 'haproxy-round-robin' },
      health: { ...healthOf(config), check: 'tcp' },
      agent: { intervalUs, timeoutUs: intervalUs },
    },
    backends,
  );
  const got: (string | undefined)[] = [];
  const states: object[][] = [];
  const phaseStarts = (recording['server_state_at_phase_start'] ?? []) as readonly PhaseStart[];
  let phase: unknown;
  for (const row of requests) {
    if (row['phase'] !== phase) {
      phase = row['phase'];
      const replies = Object.entries(row['agents'] as Record<string, string>);
      for (const [backend, reply] of [...replies.slice(turn), ...replies.slice(0, turn)]) {
        stage.act({ do: 'agent-says', backend, reply });
        stage.at(stage.nowUs + 2 * intervalUs);
      }
      const recorded = phaseStarts[states.length];
      if (recorded !== undefined) states.push(statesOf(stage, asOurs(recorded)));
    }
    got.push(stage.serve(() => OK));
  }
  const picked = same(picks, got);
  return picked.is === 'matched' ? same(phaseStarts.map(asOurs), states) : picked;
}

interface PhaseStart {
  readonly servers: readonly { readonly status: string; readonly weight: number }[];
}

/** What ours calls the states on HAProxy's statistics page; who weighs nothing keeps its last weight and drains. */
function asOurs({ servers }: PhaseStart): object[] {
  return servers.map(({ status, weight }) => {
    if (weight === 0) return { believed: 'draining' };
    if (status.startsWith('MAINT') || status.startsWith('DRAIN')) return { believed: 'draining', weight };
    return { believed: status.startsWith('UP') ? 'healthy' : 'unhealthy', weight };
  });
}

/** The same of ours, without the weight where the recorded one is nothing. */
function statesOf(stage: Stage, recorded: readonly object[]): object[] {
  return stage.simulation.backends().map(({ believed, weight }, place) => {
    return 'weight' in recorded[place]! ? { believed, weight } : { believed };
  });
}
