import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { ChartFigure } from '../lesson/ChartFigure.tsx';
import type { FigureControls } from '../lesson/FigureView.tsx';
import { COMMANDS } from '../terminal/commands/index.ts';
import { History, type HistoryStore } from '../terminal/history.ts';
import { Shell } from '../terminal/shell.ts';
import { Terminal } from '../terminal/Terminal.tsx';
import { line, strong } from '../terminal/text.ts';
import { Transcript } from '../terminal/transcript.ts';
import { LabSession, type Library, type World } from './session.ts';
import './lab.css';

interface Props {
  /** What the page opens with. */
  readonly first: World;
  readonly library: Library;
  /** Where the worlds of the library are fetched from, a slash at its end. */
  readonly worlds: string;
}

/** A live figure and a terminal on the same run. A button does what its command does, and the terminal shows which that is. */
export function Lab({ first, library, worlds }: Props) {
  const { session, shell, transcript } = useMemo(() => open(first, library, worlds), []);
  const { number, player, still } = session.onShow.value;
  const { name, title, shows } = player.scenario.value;
  // Until the page has its scripts, what they do is not on offer.
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  useEffect(() => () => player.close(), [player]);

  const press = useCallback((command: string): void => void shell.press(command), []);
  const controls = useMemo(() => controlsOf(session, press), []);
  return (
    <div class="b-lab">
      <header class="b-lab-head">
        <h1 id="_top">Lab</h1>
        <label class="b-lab-scenario">
          <span class="b-label">Scenario</span>
          <select
            class="b-field"
            value={name}
            disabled={!ready}
            onChange={(event) => press(`scenario ${event.currentTarget.value}`)}
          >
            {library.map((entry) => (
              <option key={entry.name} value={entry.name}>
                {entry.title}
              </option>
            ))}
          </select>
        </label>
        <p class="b-lab-shows">{shows}</p>
      </header>
      <div class="b-lab-figure">
        <ChartFigure
          key={number}
          id="figure-lab"
          title={title}
          scenario={player.scenario.value}
          still={still}
          player={player}
          controls={controls}
          speeds={[0.25, 1, 4, 20]}
          readout
          chart="Latency of all requests"
        />
        {ready && <Faults session={session} press={press} />}
      </div>
      <Terminal shell={shell} transcript={transcript} />
    </div>
  );
}

function open(first: World, library: Library, worlds: string) {
  const session = new LabSession(first, library, (name) => fetchWorld(`${worlds}${name}.json`));
  const transcript = new Transcript();
  const shell = new Shell(session, COMMANDS, new History(browserStore()), transcript);
  transcript.print([
    line('A balancer, its backends and their clients. The figure and this terminal drive the same run.'),
    line(
      'Try ',
      strong('run 5s'),
      ', ',
      strong('kill s2'),
      ', ',
      strong('top'),
      '. ',
      strong('help'),
      ' lists the commands.',
    ),
  ]);
  return { session, transcript, shell };
}

function controlsOf(session: LabSession, press: (command: string) => void): FigureControls {
  return {
    play: () => {
      if (session.ended) press('seek 0');
      press('run');
    },
    pause: () => press('pause'),
    step: () => press('step'),
    back: () => press('back'),
    restart: () => press('reset'),
    setSpeed: (speed) => press(`speed ${speed}`),
    setSeed: (seed) => press(`seed ${seed}`),
  };
}

/** How much slower the button makes a backend; the command takes any factor. */
const SLOW_FACTOR = 4;

interface FaultsProps {
  readonly session: LabSession;
  readonly press: (command: string) => void;
}

/** What can be done to a backend without typing. */
function Faults({ session, press }: FaultsProps) {
  // As one text: it is drawn again when the backends change, not with every frame.
  const backends = useComputed(() => session.backendIds.join(' ')).value.split(' ');
  const [chosen, setChosen] = useState(backends[0] ?? '');
  const backend = backends.includes(chosen) ? chosen : (backends[0] ?? '');
  const faults = [
    { label: 'Kill', command: `kill ${backend}` },
    { label: 'Hang', command: `hang ${backend}` },
    { label: `Slow ${SLOW_FACTOR}×`, command: `slow ${backend} ${SLOW_FACTOR}` },
    { label: 'Recover', command: `recover ${backend}` },
  ];
  return (
    <div class="b-lab-faults" role="group" aria-label="Do something to a backend">
      <label>
        <span class="b-label">Backend</span>
        <select class="b-field" value={backend} onChange={(event) => setChosen(event.currentTarget.value)}>
          {backends.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      {faults.map(({ label, command }) => (
        <button key={label} type="button" class="b-figure-button" title={command} onClick={() => press(command)}>
          {label}
        </button>
      ))}
    </div>
  );
}

async function fetchWorld(address: string): Promise<World> {
  const response = await fetch(address).catch(() => undefined);
  if (response === undefined) throw new Error('it could not be fetched. Check the connection and try again');
  if (!response.ok) throw new Error(`it could not be fetched: the server answered ${response.status} for ${address}`);
  return (await response.json()) as World;
}

function browserStore(): HistoryStore | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage;
  } catch {
    return undefined;
  }
}
