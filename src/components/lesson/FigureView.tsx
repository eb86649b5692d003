import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Scenario } from '../../../engine/index.ts';
import type { PercentilesChart } from '../chart/PercentilesChart.tsx';
import { markDone } from './beats.ts';
import { castOf } from './cast.ts';
import { CompactPlay, CopyLink, IconButton, Seed, Speed, SwapButton, Transport } from './controls.tsx';
import { Events } from './EventTable.tsx';
import { Icon } from './icons.tsx';
import { type Knob, isChoice } from './knob.ts';
import { KnobRow } from './KnobRow.tsx';
import { readMoment } from './permalink.ts';
import { Picture } from './Picture.tsx';
import { type Open, Player, openLive } from './player.ts';
import type { Compare } from './stage.ts';
import type { Still } from './still.ts';
import { Turns } from './turns.ts';
import { Head, Notice, Readout, Spoken } from './words.tsx';
import './figure.css';
import './topology.css';

export interface FigureProps {
  /** The element's id and the start of its links: `figure-4-3`. */
  readonly id: string;
  /** "4.3"; without it the title stands alone. */
  readonly number?: string | undefined;
  readonly title: string;
  readonly scenario: Scenario;
  readonly still: Still;
  readonly layout?: 'topology' | 'lanes';
  /** Width the server draws at for wide screens; in the browser the real width decides. */
  readonly size?: 'lesson' | 'home';
  readonly compare?: Compare;
  readonly speeds?: readonly number[];
  readonly speed?: number;
  readonly knob?: Knob | undefined;
  /** Percentiles of latency over time, with this heading; drawn by `Chart`, see ChartFigure.tsx. */
  readonly chart?: string | undefined;
  readonly Chart?: typeof PercentilesChart;
  /** Where the reader's prediction is kept: it stands on the chart as a line. */
  readonly prediction?: { readonly lesson: string; readonly id: string } | undefined;
  readonly readout?: boolean;
  /** The event table starts open. */
  readonly events?: boolean;
  /** Runs at once, unless the reader asked for less motion. */
  readonly autoplay?: boolean;
  readonly open?: Open;
  /** A run that belongs to somebody else, who also ends it. */
  readonly player?: Player | undefined;
  /** What the controls do instead of driving the player themselves. */
  readonly controls?: FigureControls | undefined;
}

export interface FigureControls {
  readonly play: () => void;
  readonly pause: () => void;
  readonly step: () => void;
  readonly back: () => void;
  readonly restart: () => void;
  readonly setSpeed: (speed: number) => void;
  readonly setSeed: (seed: number) => void;
}

/** A live figure: picture, readout, knob, chart, controls and the same in words. Until it is played it is a still picture. */
export function FigureView(props: FigureProps) {
  const { id, still, scenario, layout = 'topology', compare = 'health', knob, speeds = [0.25, 1, 4], Chart } = props;
  const root = useRef<HTMLDivElement>(null);
  const player = useMemo(
    () => props.player ?? new Player(scenario, still, props.speed ?? 1, props.open ?? openLive),
    [],
  );
  const turns = useMemo(() => new Turns(knob, scenario, player), []);
  const cast = useComputed(() => castOf(player.scenario.value, player.timeline.value));
  const series = useComputed(() => player.recall.value.series);
  const marker = useComputed(() => turns.marker(cast));
  const nowUs = useComputed(() => player.frame.value.nowUs);
  /** The reader goes step by step: the line of the last pick is drawn in full ink. */
  const stepping = useSignal(false);
  const [eventsOpen, setEventsOpen] = useState(props.events ?? false);

  const drive: FigureControls = props.controls ?? {
    play: () => void player.play(),
    pause: () => player.pause(),
    step: () => void player.step(),
    back: () => void player.back(),
    restart: () => turns.restart(),
    setSpeed: (speed) => (player.speed.value = speed),
    setSeed: (seed) => void player.reopen({ seed }),
  };
  const play = (): void => {
    stepping.value = false;
    markDone(root.current);
    drive.play();
  };
  const toggle = (): void => (player.status.value === 'running' ? drive.pause() : play());
  const step = (): void => {
    stepping.value = true;
    drive.step();
  };
  const back = (): void => {
    stepping.value = true;
    drive.back();
  };
  const turn = (value: number): void => {
    markDone(root.current);
    turns.turn(value);
  };
  /** The small form has one button: it tells the run from its start, unless the reader is on the way. */
  const tell = (): void => {
    const untouched = !stepping.value && player.frame.value.nowUs === still.frame.nowUs;
    if (player.status.value === 'running' || !untouched) return toggle();
    void player.reopen({ atUs: 0 }).then(play);
  };

  useFigureLife(root, props.player === undefined ? player : undefined, props.autoplay === true, play);
  useLinks(root, id, turns);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = { ' ': toggle, ArrowRight: step, ArrowLeft: back }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const compact = layout === 'lanes';
  return (
    <div
      ref={root}
      id={id}
      class={`b-plate b-figure-plate b-figure-plate--${layout}`}
      role="group"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-keys`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Head id={id} number={props.number} title={props.title} player={player} />
      <p id={`${id}-keys`} class="b-visually-hidden">
        Live figure. Space plays and pauses, arrow right steps to the next event, arrow left steps back.
      </p>
      <Picture
        player={player}
        cast={cast.value}
        id={id}
        layout={layout}
        compare={compare}
        size={props.size}
        showPick={stepping.value}
      />
      <Spoken player={player} cast={cast.value} />
      <Notice player={player} />
      {(props.readout ?? (!compact && props.chart === undefined)) && <Readout player={player} />}
      {knob && (
        <KnobRow id={id} knob={knob} value={turns.value.value} player={player} cast={cast.value} onTurn={turn} />
      )}
      {Chart && props.chart !== undefined && (
        <Chart
          id={`${id}-chart`}
          title={props.chart}
          series={series}
          durationUs={scenario.durationUs}
          marker={marker}
          nowUs={nowUs}
          latencies={() => player.latencies()}
          prediction={props.prediction}
        />
      )}
      <div class="b-controls">
        {compact ? (
          <CompactPlay player={player} durationUs={scenario.durationUs} onPlay={tell} />
        ) : (
          <>
            <Transport player={player} onPlay={play} onPause={drive.pause} onStep={step} onRestart={drive.restart} />
            <Speed id={id} player={player} speeds={speeds} onChoose={drive.setSpeed} />
            <Seed player={player} onChange={drive.setSeed} />
          </>
        )}
        <span class="b-controls-gap" />
        {compact && <IconButton icon="step" label="Step" onPress={step} />}
        {!compact && props.player === undefined && <CopyLink link={() => turns.link(id)} />}
        <button
          type="button"
          class="b-figure-button"
          aria-expanded={eventsOpen}
          aria-controls={`${id}-events`}
          onClick={() => setEventsOpen(!eventsOpen)}
        >
          <Icon name="table" /> Events
        </button>
        {knob && isChoice(knob) && knob.as === 'button' && (
          <SwapButton knob={knob} value={turns.value.value} onTurn={turn} />
        )}
      </div>
      <Events player={player} cast={cast.value} id={`${id}-events`} open={eventsOpen} onStep={step} />
    </div>
  );
}

interface Root {
  readonly current: HTMLElement | null;
}

/** Off the screen a figure rests; it closes its run when the page goes. A run of somebody else's is left alone. */
function useFigureLife(root: Root, player: Player | undefined, autoplay: boolean, play: () => void): void {
  useEffect(() => {
    if (player === undefined) return;
    const watcher = new IntersectionObserver(([entry]) => player.setVisible(entry?.isIntersecting ?? true));
    if (root.current) watcher.observe(root.current);
    if (autoplay && !matchMedia('(prefers-reduced-motion: reduce)').matches) play();
    return () => {
      watcher.disconnect();
      player.pause();
      player.close();
    };
  }, []);
}

/** Follows a link to a moment of this figure, at the start and whenever the address changes. */
function useLinks(root: Root, id: string, turns: Turns): void {
  useEffect(() => {
    const follow = (): void => {
      const moment = readMoment(location.hash, id);
      if (moment === undefined) return;
      root.current?.scrollIntoView({ block: 'center' });
      turns.follow(moment);
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
}
