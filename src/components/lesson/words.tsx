import { useEffect, useRef, useState } from 'preact/hooks';
import { formatClock, formatCount, formatUs } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { SignWords } from './Mark.tsx';
import type { Player } from './player.ts';
import { SIGNS } from './states.ts';
import { lately, summarise } from './summary.ts';

/** What a figure says in words: title and clock, readout, messages, and the summary that is only spoken. */

interface HeadProps {
  readonly id: string;
  readonly number?: string | undefined;
  readonly title: string;
  readonly player: Player;
}

export function Head({ id, number, title, player }: HeadProps) {
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

/** While running, a summary is spoken this often; paused, after every change. */
const SPEAK_EVERY_MS = 8000;

/** Silent until the reader does something: a page full of figures must not talk. */
export function Spoken({ player, cast }: { player: Player; cast: Cast }) {
  const [words, setWords] = useState('');
  const untouched = useRef(true);
  const running = player.status.value === 'running';
  const momentUs = running ? undefined : player.frame.value.nowUs;
  useEffect(() => {
    if (untouched.current) {
      untouched.current = false;
      return;
    }
    const speak = (): void => setWords(summarise(player.frame.peek(), cast, player.timeline.peek()));
    if (!running) return speak();
    setWords('Running.');
    const timer = setInterval(speak, SPEAK_EVERY_MS);
    return () => clearInterval(timer);
  }, [running, momentUs]);
  return (
    <p class="b-visually-hidden" role="status">
      {words}
    </p>
  );
}

export function Notice({ player }: { player: Player }) {
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

/** Percentiles never stand without their window and their n. */
export function Readout({ player }: { player: Player }) {
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
