import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Scenario } from '../../../../engine/index.ts';
import { openSimulation } from '../../../bridge/simulation.ts';
import type { Cast } from '../../lesson/cast.ts';
import type { KataInfo } from '../kata-info.ts';
import { othersOf, type Other } from '../others.ts';
import { createFollower, type Follower } from './follower.ts';
import { decisionsOf, probeHistory, type Decision } from './model.ts';
import { decidedAlike, pairDecisions, partingOf, partingWords, type Parting } from './pairs.ts';
import { Picture } from './Picture.tsx';
import type { Player } from './player.ts';
import { decisionWords } from './words.ts';

interface Opened {
  readonly follower: Follower;
  readonly decisions: readonly Decision[];
  readonly pairs: readonly (Decision | undefined)[];
  readonly parting: Parting | undefined;
}

type State = { kind: 'opening' } | { kind: 'open'; run: Opened } | { kind: 'failed'; reason: string };

/**
 * Another policy on identical arrivals, in step with the learner's: one clock, and the decision at which the two first differ. `onParting` hears when
 * that is.
 */
export default function Beside(props: {
  kata: KataInfo;
  world: Scenario;
  seed: number;
  cast: Cast;
  decisions: readonly Decision[];
  player: Player;
  width: number;
  onParting: (index: number | undefined) => void;
}) {
  const { kata, world, seed, decisions, player } = props;
  const others = useMemo(() => othersOf(kata.policy, world), [kata, world]);
  const [other, setOther] = useState(others[0]!);
  const [state, setState] = useState<State>({ kind: 'opening' });
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    let left = false;
    let follower: Follower | undefined;
    setState({ kind: 'opening' });
    const fail = (error: unknown) => {
      if (!left) setState({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    };
    open(kata, other, seed, decisions, fail).then((run) => {
      follower = run.follower;
      if (left) return follower.close();
      setState({ kind: 'open', run });
      props.onParting(run.parting?.first);
    }, fail);
    return () => {
      left = true;
      follower?.close();
      props.onParting(undefined);
    };
  }, [other]);

  return (
    <section class="b-beside" aria-labelledby="beside-title">
      <div class="b-beside-head">
        <h4 id="beside-title" ref={heading} tabIndex={-1}>
          On the same arrivals
        </h4>
        <select
          class="b-field"
          aria-label="Policy beside yours"
          value={other.id}
          onChange={({ currentTarget }) => setOther(others.find(({ id }) => id === currentTarget.value)!)}
        >
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {state.kind === 'opening' && <p class="b-replay-note">Running it on the same arrivals</p>}
      {state.kind === 'failed' && <p class="b-replay-note">It could not be run beside yours: {state.reason}</p>}
      {state.kind === 'open' && <Figure {...props} run={state.run} player={player} />}
    </section>
  );
}

async function open(
  { policy }: KataInfo,
  { world }: Other,
  seed: number,
  mine: readonly Decision[],
  onError: (error: unknown) => void,
): Promise<Opened> {
  const simulation = await openSimulation({ scenario: world, seed });
  await simulation.seek(world.durationUs);
  const events = await simulation.events(0, world.durationUs);
  const decisions = decisionsOf(events, policy === 'picker' ? 'pick' : 'probe', {});
  const pairs = pairDecisions(mine, decisions);
  await simulation.seek(0);
  return {
    follower: createFollower(simulation, onError),
    decisions,
    pairs,
    parting: partingOf(mine, pairs, decidedAlike),
  };
}

function Figure({
  kata,
  cast,
  decisions,
  player,
  width,
  run: { follower, decisions: theirs, pairs, parting },
}: {
  kata: KataInfo;
  cast: Cast;
  decisions: readonly Decision[];
  player: Player;
  width: number;
  run: Opened;
}) {
  useSignalEffect(() => {
    const { exact, index, frame } = player;
    const mine = exact.value ? decisions[index.value] : undefined;
    const atUs = mine?.atUs ?? frame.value?.nowUs ?? 0;
    follower.follow({ atUs, decision: mine && pairs[index.value] });
  });
  const index = player.index.value;
  const mine = decisions[index];
  const shown = follower.shown.value;
  const same = mine && decidedAlike(mine, pairs[index]);
  const theirIndex = shown?.decision ? theirs.indexOf(shown.decision) : -1;
  const difference = parting?.first;
  return (
    <>
      <p class="b-replay-says" role="status">
        {partingWords(parting, decisions.length, (at) => decisions[at]!.atUs)}
        {parting && kata.policy === 'picker' && ' To differ is not yet a mistake: of equals, either may be picked.'}
      </p>
      {shown && (
        <Picture
          cast={cast}
          frame={shown.frame}
          decision={shown.decision}
          policy={kata.policy}
          whose="other"
          better={-1}
          probes={cast.backends.map((_, backend) =>
            kata.policy === 'health' ? probeHistory(theirs, theirIndex, backend, 5) : [],
          )}
          width={width}
        />
      )}
      <p class="b-replay-says">
        {shown?.decision
          ? `${decisionWords(shown.decision, cast, theirIndex, theirs.length)}. ${same ? 'Yours did the same' : 'Yours differs'}.`
          : 'It decides nothing at this moment.'}
      </p>
      {difference !== undefined && (
        <p class="b-beside-actions">
          <button
            type="button"
            class="b-figure-button b-figure-button--strong"
            aria-disabled={index === difference}
            onClick={() => void player.show(difference)}
          >
            Go to the first difference
          </button>
        </p>
      )}
    </>
  );
}
