import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Scenario } from '../../../engine/index.ts';
import { PercentilesChart } from '../chart/PercentilesChart.tsx';
import { formatClock, formatCount, formatUs } from '../chart/format.ts';
import { markDone } from './beats.ts';
import { castOf, type Cast } from './cast.ts';
import { EventTable } from './EventTable.tsx';
import { Icon } from './icons.tsx';
import { type Knob, actionsOf, fill, isChoice, rebuilt, valueWords } from './knob.ts';
import { KnobRow } from './KnobRow.tsx';
import { SignWords } from './Mark.tsx';
import { narrate } from './narrate.ts';
import { readMoment, writeMoment } from './permalink.ts';
import { type Open, Player, openLive } from './player.ts';
import { cellsOf } from './scene.ts';
import { Segments } from './Segments.tsx';
import { type Compare, stageOf } from './stage.ts';
import { SIGNS, backendStates } from './states.ts';
import type { Still } from './still.ts';
import { lately, summarise } from './summary.ts';
import { Topology } from './Topology.tsx';
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
  /** Percentiles of latency over time, with this heading. */
  readonly chart?: string | undefined;
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
  const { id, still, scenario, layout = 'topology', compare = 'health', knob, speeds = [0.25, 1, 4] } = props;
  const root = useRef<HTMLDivElement>(null);
  const player = useMemo(
    () => props.player ?? new Player(scenario, still, props.speed ?? 1, props.open ?? openLive),
    [],
  );
  const cast = useComputed(() => castOf(player.scenario.value, player.timeline.value));
  const turns = useSignal<readonly Turn[]>([]);
  const knobValue = useSignal(knob?.value ?? 0);
  const stepped = useSignal(false);
  const [eventsOpen, setEventsOpen] = useState(props.events ?? false);

  /** The scenario with the knob where it is. */
  const sceneryAt = (value: number): Scenario => (knob && rebuilt(knob, scenario, value)) ?? scenario;

  const turn = (value: number): void => {
    if (!knob || value === knobValue.value) return;
    const before = knobValue.value;
    knobValue.value = value;
    markDone(root.current);
    if (rebuilt(knob, scenario, value)) {
      void player.reopen({ scenario: sceneryAt(value) });
      return;
    }
    const { nowUs } = player.frame.value;
    turns.value = [...turns.value.filter(({ atUs }) => atUs < nowUs), { atUs: nowUs, before, value }];
    void player.apply(actionsOf(knob, scenario, value, nowUs));
  };

  /** From 0 again. A knob that acts on the running world stays where it is: it is turned at the start instead. */
  const restart = (): void => {
    const value = knobValue.value;
    const moved = knob !== undefined && value !== knob.value && !rebuilt(knob, scenario, value);
    turns.value = moved ? [{ atUs: 0, before: knob.value, value }] : [];
    player.pause();
    void player.reopen({ hands: moved ? actionsOf(knob, scenario, value, 0) : [], atUs: 0 });
  };

  const drive: FigureControls = props.controls ?? {
    play: () => void player.play(),
    pause: () => player.pause(),
    step: () => void player.step(),
    back: () => void player.back(),
    restart,
    setSpeed: (value) => (player.speed.value = value),
    setSeed: (seed) => void player.reopen({ seed }),
  };

  const play = (): void => {
    stepped.value = false;
    markDone(root.current);
    drive.play();
  };
  const toggle = (): void => (player.status.value === 'running' ? drive.pause() : play());
  const step = (): void => {
    stepped.value = true;
    drive.step();
  };
  const back = (): void => {
    stepped.value = true;
    drive.back();
  };

  useFigureLife(root, props.player === undefined ? player : undefined, props.autoplay === true, play);
  useEffect(() => {
    const goToLink = (): void => {
      const moment = readMoment(location.hash, id);
      if (moment === undefined) return;
      root.current?.scrollIntoView({ block: 'center' });
      if (moment.scenario !== scenario.name) {
        player.notice.value = 'This link was made for an older version of this figure, so it opens at the start.';
        return;
      }
      const live = knob !== undefined && !isChoice(knob) && knob.apply !== 'rebuild';
      const value = live ? (moment.turns.at(-1)?.value ?? moment.knob) : moment.knob;
      if (knob) knobValue.value = value;
      turns.value = moment.turns.map((turned, index) => ({
        ...turned,
        before: moment.turns[index - 1]?.value ?? knob?.value ?? 0,
      }));
      void player.reopen({
        scenario: sceneryAt(moment.knob),
        seed: moment.seed,
        hands: live ? moment.turns.flatMap(({ atUs, value: to }) => actionsOf(knob, scenario, to, atUs)) : [],
        atUs: moment.atUs,
      });
    };
    goToLink();
    addEventListener('hashchange', goToLink);
    return () => removeEventListener('hashchange', goToLink);
  }, []);

  const link = (): string => {
    const live = turns.value.map(({ atUs, value }) => ({ atUs, value }));
    const moment = { scenario: scenario.name, seed: player.seed.value, atUs: player.frame.value.nowUs, turns: live };
    return writeMoment(id, { ...moment, knob: live.length > 0 ? (knob?.value ?? 0) : knobValue.value });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = { ' ': toggle, ArrowRight: step, ArrowLeft: back }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const compact = layout === 'lanes';
  const table = <Events player={player} cast={cast.value} id={`${id}-events`} open={eventsOpen} onStep={step} />;
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
      <Head {...props} player={player} />
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
        showPick={stepped.value}
      />
      <Spoken player={player} cast={cast.value} />
      <Notice player={player} />
      {(props.readout ?? (!compact && props.chart === undefined)) && <Readout player={player} />}
      {knob && <KnobRow id={id} knob={knob} value={knobValue.value} player={player} cast={cast.value} onTurn={turn} />}
      {props.chart !== undefined && (
        <PercentilesChart
          id={`${id}-chart`}
          title={props.chart}
          series={useComputed(() => player.recall.value.series)}
          durationUs={scenario.durationUs}
          marker={useComputed(() => markerOf(knob, turns.value, cast.value, player))}
          prediction={props.prediction}
        />
      )}
      <div class="b-controls">
        {compact ? (
          <CompactPlay player={player} durationUs={scenario.durationUs} onPlay={restartAndPlay} />
        ) : (
          <>
            <Transport player={player} onPlay={play} onPause={drive.pause} onStep={step} onRestart={drive.restart} />
            <Segments
              legend="Speed"
              name={`${id}-speed`}
              options={speeds.map((value) => ({ value, label: speedWords(value) }))}
              value={player.speed.value}
              onChoose={drive.setSpeed}
            />
            <Seed player={player} onChange={drive.setSeed} />
          </>
        )}
        <span class="b-controls-gap" />
        {compact && <IconButton icon="step" label="Step" onPress={step} />}
        {!compact && props.player === undefined && <CopyLink link={link} />}
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
          <SwapButton knob={knob} value={knobValue.value} onTurn={turn} />
        )}
      </div>
      {table}
    </div>
  );

  /** The small form has one button: it tells the whole story from the start, unless it was paused on the way. */
  function restartAndPlay(): void {
    if (player.status.value === 'running') return player.pause();
    if (!stepped.value && player.frame.value.nowUs === still.frame.nowUs) {
      void player.reopen({ atUs: 0 }).then(play);
      return;
    }
    play();
  }
}

interface Turn {
  readonly atUs: number;
  readonly before: number;
  readonly value: number;
}

/** Off the screen a figure rests; it closes its run when the page goes. A run of somebody else's is left alone. */
function useFigureLife(
  root: { current: HTMLElement | null },
  player: Player | undefined,
  autoplay: boolean,
  play: () => void,
): void {
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

/** What stands on the chart where the knob was last turned while running. */
function markerOf(knob: Knob | undefined, turns: readonly Turn[], cast: Cast, player: Player) {
  const last = turns.at(-1);
  if (knob === undefined || last === undefined || last.atUs === 0) return undefined;
  const words = (template: string, value: number): string => fill(template, knob, value, cast, player.frame.peek());
  const [before, after] = knob.marker ?? ['{value}', 'you set {value}'];
  return { atUs: last.atUs, before: words(before, last.before), after: words(after, last.value) };
}

function speedWords(speed: number): string {
  const fractions: Record<string, string> = {
    '0.5': '½',
    '0.25': '¼',
    '0.125': '⅛',
    '0.1': '1/10',
    '0.05': '1/20',
    '0.01': '1/100',
  };
  return `${fractions[speed] ?? speed}×`;
}

function Head({ id, number, title, player }: FigureProps & { player: Player }) {
  return (
    <div class="b-figure-head">
      <p id={`${id}-title`} class={number === undefined ? 'b-figure-title b-figure-title--alone' : 'b-figure-title'}>
        {number !== undefined && <b>Figure {number}</b>} {title}
      </p>
      <Clock player={player} />
    </div>
  );
}

/** How long a start may take before it is worth a word. */
const PATIENCE_MS = 300;

function Clock({ player }: { player: Player }) {
  const [slow, setSlow] = useState(false);
  const starting = player.starting.value;
  useEffect(() => {
    if (!starting) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [starting]);
  const { nowUs } = player.frame.value;
  const last = lately(player.timeline.value, nowUs);
  const word = { paused: 'paused', running: 'running', ended: 'ended', failed: 'stopped' }[player.status.value];
  return (
    <p class="b-clock">
      t = {formatClock(nowUs)} s, {slow ? 'starting' : word}
      {last === undefined ? '' : `, ${last}`}
    </p>
  );
}

interface PictureProps {
  player: Player;
  cast: Cast;
  id: string;
  layout: 'topology' | 'lanes';
  compare: Compare;
  size: FigureProps['size'];
  showPick: boolean;
}

/** Widths the server draws at: it cannot know the reader's, so it draws both and the style sheet shows one. */
const SERVER_WIDTHS = { wide: { lesson: 798, home: 1374 }, phone: 356 } as const;

function Picture({ player, cast, id, layout, compare, size = 'lesson', showPick }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const element = box.current!;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watcher.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => watcher.disconnect();
  }, []);

  const frame = player.frame.value;
  const { recent } = player.recall.value;
  const cells = cellsOf(cast, backendStates(frame), frame.lastPick, recent.picks).length;
  const drawing = (at: number, name: string) => (
    <Topology
      key={name}
      id={`${id}-${name}`}
      cast={cast}
      stage={stageOf(cast, at, { form: layout, compare, cells })}
      frame={frame}
      recent={recent}
      compare={compare}
      showPick={showPick && player.status.value !== 'running'}
    />
  );
  return (
    <div class="b-picture" ref={box}>
      {width !== undefined ? (
        drawing(width, 'live')
      ) : (
        <>
          <div class="b-picture-wide">{drawing(SERVER_WIDTHS.wide[size], 'wide')}</div>
          <div class="b-picture-phone">{drawing(SERVER_WIDTHS.phone, 'phone')}</div>
        </>
      )}
      {frame.counts.arrived === 0 && frame.lastPick.request === 0 && (
        <p class="b-picture-empty">No requests yet. Press play.</p>
      )}
    </div>
  );
}

/** While running, a summary is spoken this often; paused, after every change. */
const SPEAK_EVERY_MS = 8000;

function Spoken({ player, cast }: { player: Player; cast: Cast }) {
  const [words, setWords] = useState('');
  const running = player.status.value === 'running';
  const frame = player.frame.value;
  const moment = running ? 0 : frame.nowUs;
  const touched = useRef(false);
  useEffect(() => {
    // Silent until the reader does something: a page full of figures must not talk.
    if (!touched.current && !running && !touched.current) {
      touched.current = true;
      return;
    }
    touched.current = true;
    const speak = (): void => setWords(summarise(player.frame.peek(), cast, player.timeline.peek()));
    if (!running) return speak();
    setWords('Running.');
    const timer = setInterval(speak, SPEAK_EVERY_MS);
    return () => clearInterval(timer);
  }, [running, moment]);
  return (
    <p class="b-visually-hidden" role="status">
      {words}
    </p>
  );
}

function Notice({ player }: { player: Player }) {
  const message = player.notice.value;
  if (message === '') return null;
  if (player.status.value !== 'failed') {
    return (
      <p class="b-notice b-figure-notice" role="status">
        {message}
      </p>
    );
  }
  return (
    <div class="b-notice b-notice--broken b-figure-notice" role="alert">
      <p>
        <b>This figure could not start.</b> {message} The picture shows the moment it had reached.
      </p>
      <button type="button" class="b-figure-button" onClick={() => void player.reopen({})}>
        Try again
      </button>
    </div>
  );
}

function Readout({ player }: { player: Player }) {
  const { window, counts } = player.frame.value;
  const [p50, p95, p99, n] = window;
  return (
    <div class="b-readout">
      {n === 0 ? (
        <span>Nothing has finished in the last second</span>
      ) : (
        <>
          <span>Last second, all requests:</span>
          {[
            ['p50', formatUs(p50!)],
            ['p95', formatUs(p95!)],
            ['p99', formatUs(p99!)],
            ['n', formatCount(n!)],
          ].map(([name, value]) => (
            <span key={name}>
              {name} <b>{value}</b>
            </span>
          ))}
        </>
      )}
      {counts.failed > 0 && (
        <span>
          <SignWords sign={{ ...SIGNS.failed, word: 'failed so far' }} /> <b>{formatCount(counts.failed)}</b> of{' '}
          {formatCount(counts.arrived)}
        </span>
      )}
    </div>
  );
}

function IconButton(props: {
  icon: 'play' | 'pause' | 'step' | 'restart';
  label: string;
  solid?: boolean;
  onPress: () => void;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      class={props.solid ? 'b-figure-button b-figure-button--solid' : 'b-figure-button'}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onPress}
    >
      <Icon name={props.icon} />
    </button>
  );
}

interface TransportProps {
  player: Player;
  onPlay: () => void;
  onPause: () => void;
  onStep: () => void;
  onRestart: () => void;
}

/** Play and pause swap emphasis: the solid one is what makes sense now. */
function Transport({ player, onPlay, onPause, onStep, onRestart }: TransportProps) {
  const running = player.status.value === 'running';
  return (
    <div class="b-transport">
      <IconButton icon="play" label="Play" solid={!running} onPress={onPlay} />
      <IconButton icon="pause" label="Pause" solid={running} onPress={onPause} />
      <IconButton icon="step" label="Step" onPress={onStep} disabled={player.status.value === 'ended'} />
      <IconButton icon="restart" label="Restart" onPress={onRestart} />
    </div>
  );
}

function CompactPlay({ player, durationUs, onPlay }: { player: Player; durationUs: number; onPlay: () => void }) {
  const running = player.status.value === 'running';
  const label = running ? 'Pause' : `Play the ${formatUs(durationUs)} from 0 s`;
  return (
    <label class="b-compact-play">
      <IconButton icon={running ? 'pause' : 'play'} label={label} solid onPress={onPlay} />
      <span aria-hidden="true">{label}</span>
    </label>
  );
}

function Seed({ player, onChange }: { player: Player; onChange: (seed: number) => void }) {
  const change = (text: string): void => {
    const seed = Number(text);
    if (!/^\d+$/.test(text.trim()) || seed > 0xffffffff) {
      player.notice.value = 'A seed is a whole number from 0 to 4294967295.';
      return;
    }
    player.notice.value = '';
    if (seed !== player.seed.value) onChange(seed);
  };
  const value = String(player.seed.value);
  return (
    <label class="b-seed">
      Seed
      <input
        inputMode="numeric"
        autocomplete="off"
        value={value}
        style={{ width: `${Math.max(2, value.length) + 0.5}ch` }}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

function CopyLink({ link }: { link: () => string }) {
  const [label, setLabel] = useState('Copy link');
  const copy = async (): Promise<void> => {
    const fragment = link();
    history.replaceState(history.state, '', fragment);
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    setLabel(copied ? 'Link copied' : 'Link is in the address bar');
    setTimeout(() => setLabel('Copy link'), 2500);
  };
  return (
    <button type="button" class="b-figure-button" onClick={() => void copy()}>
      <Icon name="link" /> <span aria-live="polite">{label}</span>
    </button>
  );
}

function SwapButton({ knob, value, onTurn }: { knob: Knob; value: number; onTurn: (value: number) => void }) {
  if (!isChoice(knob)) return null;
  const other = (value + 1) % knob.choices.length;
  return (
    <button type="button" class="b-figure-button b-figure-button--strong" onClick={() => onTurn(other)}>
      {knob.label} {valueWords(knob, other)}
    </button>
  );
}

/** While running, the table changes this often at most: faster could not be read. */
const TABLE_EVERY_MS = 250;

function Events(props: {
  player: Player;
  cast: Cast;
  id: string;
  open: boolean;
  onStep: () => void;
}): ComponentChildren {
  const { player, cast, id, open, onStep } = props;
  const running = player.status.value === 'running';
  const [seen, setSeen] = useState(player.recall.peek().events);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setSeen(player.recall.peek().events), TABLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [running]);
  const events = running ? seen : player.recall.value.events;
  const rows = useMemo(() => narrate(events, cast, player.timeline.value), [events, cast, player.timeline.value]);
  return <EventTable id={id} rows={rows} open={open} running={running} onPastEnd={onStep} />;
}
