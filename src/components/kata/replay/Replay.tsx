import { useComputed } from '@preact/signals';
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Action, Scenario, ScenarioVerdict } from '../../../../engine/index.ts';
import { castOf, type Cast } from '../../lesson/cast.ts';
import { EventTable } from '../../lesson/EventTable.tsx';
import { Icon, type IconName } from '../../lesson/icons.tsx';
import { narrate } from '../../lesson/narrate.ts';
import { Segments } from '../../lesson/Segments.tsx';
import type { KataInfo } from '../kata-info.ts';
import { useWidth } from '../use-width.ts';
import {
  clockText,
  decisionsOf,
  eventsUntil,
  faultSpans,
  nextCostly,
  openingDecision,
  probeHistory,
  speedsFor,
  type Decision,
  type FaultSpan,
} from './model.ts';
import { Picture } from './Picture.tsx';
import { createPlayer, type Player } from './player.ts';
import { brokenOffWords, decisionWords } from './words.ts';
import { Strip } from './Strip.tsx';
import type { Watchable } from './watchable.ts';

/** A finished run, opened from its tape. */
interface Opened {
  readonly world: Scenario;
  readonly timeline: readonly Action[];
  readonly cast: Cast;
  readonly events: Float64Array;
  readonly decisions: readonly Decision[];
  readonly faults: readonly FaultSpan[];
  readonly player: Player;
}

/** Fetched when it is asked for. */
const Beside = lazy(() => import('./Beside.tsx'));

/** Events in reach of the table. */
const tableEvents = 90;

type State = { kind: 'opening' } | { kind: 'open'; run: Opened } | { kind: 'failed'; reason: string };

/**
 * The run of one scenario, replayed from the decisions that were recorded: opened at the moment the check failed, then walked decision
 * by decision. `onDecision` hears which one is shown, so that the editor can mark its line.
 */
export function Replay({
  kata,
  watched,
  onDecision,
}: {
  kata: KataInfo;
  watched: Watchable;
  onDecision: (decision: Decision | undefined, cast: Cast) => void;
}) {
  const [state, setState] = useState<State>({ kind: 'opening' });
  const [attempt, setAttempt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    let left = false;
    let player: Player | undefined;
    setState({ kind: 'opening' });
    const fail = (error: unknown) =>
      setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    open(kata, watched, fail).then(
      (run) => {
        player = run.player;
        if (left) return player.close();
        setState({ kind: 'open', run });
        return player.show(openingDecision(run.decisions, watched.verdict));
      },
      (error: unknown) => left || fail(error),
    );
    heading.current?.focus();
    return () => {
      left = true;
      player?.close();
    };
  }, [kata, watched, attempt]);

  return (
    <section class="b-replay b-plate b-figure-plate" aria-labelledby="replay-title">
      <div class="b-replay-head">
        <h3 id="replay-title" ref={heading} tabIndex={-1}>
          Replay <span>{watched.name}</span>
        </h3>
        {state.kind === 'open' && <Clock player={state.run.player} decisions={state.run.decisions} />}
      </div>
      {state.kind === 'opening' && <p class="b-replay-note">Opening the replay</p>}
      {state.kind === 'failed' && (
        <p class="b-replay-note">
          The replay could not be opened: {state.reason} The verdict above stands.{' '}
          <button type="button" class="b-link-button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </p>
      )}
      {state.kind === 'open' && state.run.decisions.length === 0 && (
        <p class="b-replay-note">Nothing to replay: no decision of your code came to an end in this run.</p>
      )}
      {state.kind === 'open' && state.run.decisions.length > 0 && (
        <Stage kata={kata} scenario={watched.verdict} run={state.run} onDecision={onDecision} />
      )}
    </section>
  );
}

async function open(kata: KataInfo, { verdict, open }: Watchable, onError: (error: unknown) => void): Promise<Opened> {
  const { simulation, scenario: world } = await open();
  // The whole run first: its events are there once it has been there.
  await simulation.seek(world.durationUs);
  const [events, timeline] = await Promise.all([simulation.events(0, world.durationUs), simulation.timeline()]);
  const decisions = decisionsOf(events, kata.policy === 'picker' ? 'pick' : 'probe', verdict);
  const [speed] = speedsFor(Math.max(1, decisions.length), world.durationUs);
  return {
    world,
    timeline,
    cast: castOf(world),
    events,
    decisions,
    faults: faultSpans(timeline, world.durationUs),
    player: createPlayer(simulation, decisions, { speed, onError }),
  };
}

function Clock({ player, decisions }: { player: Player; decisions: readonly Decision[] }) {
  const text = useComputed(() => {
    const request = decisions[player.index.value]?.request ?? 0;
    return `t = ${clockText(momentOf(player, decisions))}${request > 0 ? `, request ${request}` : ''}`;
  });
  return <span class="b-replay-clock b-mono">{text}</span>;
}

/** The moment shown: of the decision, or of the frame while time runs on. */
function momentOf({ exact, index, frame }: Player, decisions: readonly Decision[]): number {
  return (exact.value ? decisions[index.value]?.atUs : frame.value?.nowUs) ?? 0;
}

function Stage({
  kata,
  scenario,
  run,
  onDecision,
}: {
  kata: KataInfo;
  scenario: ScenarioVerdict;
  run: Opened;
  onDecision: (decision: Decision | undefined, cast: Cast) => void;
}) {
  const { player, decisions, cast, world, faults } = run;
  const [box, width] = useWidth(480);
  const [tableOpen, setTableOpen] = useState(false);
  const [besideOpen, setBesideOpen] = useState(false);
  const [parting, setParting] = useState<number>();
  const index = player.index.value;
  const frame = player.frame.value;
  const decision = decisions[index];
  const fresh = player.exact.value ? decision : undefined;
  const nowUs = momentOf(player, decisions);
  const better = useMemo(
    () => cast.backends.findIndex(({ id }) => id === scenario.failure?.backends?.better),
    [cast, scenario],
  );
  const atFailure = decision?.atUs === scenario.failure?.when?.atUs;
  const says = decision ? decisionWords(decision, cast, index, decisions.length) : 'Before the first decision';
  const costly = nextCostly(decisions, index);
  const rows = tableOpen ? narrate(eventsUntil(run.events, nowUs, fresh, tableEvents), cast, run.timeline) : [];
  const speeds = useMemo(() => speedsFor(decisions.length, world.durationUs), [decisions, world]);

  // Once drawn, all of it is brought into view.
  const drawn = frame !== undefined;
  useEffect(() => box.current?.closest('section')?.scrollIntoView({ block: 'nearest' }), [drawn]);
  useEffect(() => onDecision(decision, cast), [decision]);

  return (
    <>
      <div class="b-replay-stage" ref={box}>
        {frame && (
          <Picture
            cast={cast}
            frame={frame}
            decision={fresh}
            policy={kata.policy}
            better={fresh && atFailure ? better : -1}
            probes={cast.backends.map((_, backend) =>
              kata.policy === 'health' ? probeHistory(decisions, index, backend, 5) : [],
            )}
            width={width}
          />
        )}
        <p class="b-replay-says">
          {says}
          {decision?.costly && '. This one broke the check'}.
          {index === decisions.length - 1 && brokenOffWords(scenario)}
        </p>
        <Strip
          decisions={decisions}
          index={index}
          nowUs={nowUs}
          faults={faults}
          durationUs={world.durationUs}
          width={width}
          says={says}
          parts={parting === undefined ? undefined : decisions[parting]?.atUs}
          show={(to) => void player.show(to)}
        />
      </div>
      <div class="b-controls">
        <div role="group" aria-label="Replay" class="b-transport">
          <Control
            icon="back"
            name="Previous decision"
            disabled={index <= 0}
            onClick={() => void player.show(index - 1)}
          />
          {player.playing.value ? (
            <Control icon="pause" name="Pause" main onClick={() => player.pause()} />
          ) : (
            <Control icon="play" name="Play" main disabled={frame?.ended === true} onClick={() => player.play()} />
          )}
          <Control
            icon="step"
            name="Next decision"
            disabled={index >= decisions.length - 1}
            onClick={() => void player.show(index + 1)}
          />
        </div>
        <Segments
          legend="Speed"
          name="replay-speed"
          options={speeds.map((value) => ({ value, label: `${value}×` }))}
          value={player.speed.value}
          onChoose={(speed) => player.setSpeed(speed)}
        />
        <button
          type="button"
          class="b-figure-button"
          aria-expanded={tableOpen}
          aria-controls="replay-events"
          onClick={() => setTableOpen(!tableOpen)}
        >
          <Icon name="table" /> <span>Events</span>
        </button>
        <button
          type="button"
          class="b-figure-button"
          aria-expanded={besideOpen}
          aria-controls="replay-beside"
          onClick={() => setBesideOpen(!besideOpen)}
        >
          Beside another policy
        </button>
        <span class="b-controls-gap" />
        {costly !== undefined && (
          <button
            type="button"
            class="b-figure-button b-figure-button--strong"
            onClick={() => void player.show(costly)}
          >
            Next costly {kata.policy === 'picker' ? 'pick' : 'probe'}
          </button>
        )}
      </div>
      <div id="replay-beside">
        {besideOpen && (
          <Suspense fallback={<p class="b-replay-note">Opening the other policy</p>}>
            <Beside
              kata={kata}
              world={world}
              seed={scenario.seed}
              cast={cast}
              decisions={decisions}
              player={player}
              width={width}
              onParting={setParting}
            />
          </Suspense>
        )}
      </div>
      {tableOpen && (
        <EventTable
          id="replay-events"
          rows={rows}
          open
          running={player.playing.value}
          onPastEnd={() => void player.show(index + 1)}
        />
      )}
    </>
  );
}

function Control({
  icon,
  name,
  main,
  disabled = false,
  onClick,
}: {
  icon: IconName;
  name: string;
  main?: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={main ? 'b-figure-button b-figure-button--solid' : 'b-figure-button'}
      aria-label={name}
      title={name}
      aria-disabled={disabled}
      onClick={() => !disabled && onClick()}
    >
      <Icon name={icon} />
    </button>
  );
}
