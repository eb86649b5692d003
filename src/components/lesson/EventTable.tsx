import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatClock, formatCount } from '../chart/format.ts';
import type { Cast } from './cast.ts';
import { SignWords } from './Mark.tsx';
import { narrate, type Row } from './narrate.ts';
import type { Player } from './player.ts';

/** While running, the table changes this often at most: faster could not be read. */
const TABLE_EVERY_MS = 250;

/** The table of a player's events. */
export function Events(props: { player: Player; cast: Cast; id: string; open: boolean; onStep: () => void }) {
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

interface Props {
  readonly id: string;
  /** In order of time, the newest last. */
  readonly rows: readonly Row[];
  readonly open: boolean;
  readonly running: boolean;
  /** Arrow down on the last row, and arrow up on the first. */
  readonly onPastEnd: () => void;
}

/** While the clock runs only the newest few are shown, so that the table keeps its height and can be read. */
const ROWS_RUNNING = 5;

/**
 * The figure in words, one row for each event: what sighted readers see as dots, marks and bars. Arrow keys walk the rows; past the last
 * one the simulation steps.
 */
export function EventTable({ id, rows, open, running, onPastEnd }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState(-1);
  const shown = running ? rows.slice(-ROWS_RUNNING) : rows;
  const last = shown.length - 1;
  const marked = current >= 0 && current <= last ? current : last;

  // A new event makes the newest row the current one; focus stays in the table if it was there.
  const newest = rows.at(-1);
  useEffect(() => {
    setCurrent(-1);
    const table = body.current;
    if (table === null || running) return;
    const scroll = table.closest('.b-events');
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
    if (table.contains(document.activeElement)) (table.lastElementChild as HTMLElement | null)?.focus();
  }, [newest?.atUs, newest?.text, running, open]);

  const walk = (event: KeyboardEvent): void => {
    const to = { ArrowDown: marked + 1, ArrowUp: marked - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to > last) onPastEnd();
    if (to < 0 || to > last) return;
    setCurrent(to);
    (body.current?.children[to] as HTMLElement | undefined)?.focus();
  };

  return (
    <div class={open ? 'b-events' : 'b-events b-events--closed'} id={id}>
      <table class="b-event-table">
        <caption class="b-visually-hidden">
          Events, the newest last. Arrow keys walk the rows; arrow down on the last row steps the simulation.
        </caption>
        <thead>
          <tr>
            <th scope="col">Time, s</th>
            <th scope="col">State</th>
            <th scope="col">What happened</th>
            <th scope="col" class="b-events-count">
              In flight there
            </th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={walk}>
          {shown.length === 0 && (
            <tr>
              <td colSpan={4}>No events in this window</td>
            </tr>
          )}
          {shown.map((row, index) => (
            <tr
              key={index}
              tabIndex={index === marked ? 0 : -1}
              class={index === marked ? 'b-current' : undefined}
              onFocus={() => setCurrent(index)}
            >
              <td class="b-mono">{formatClock(row.atUs)}</td>
              <td>
                <SignWords sign={row.sign} />
              </td>
              <td>{row.text}</td>
              <td class="b-events-count">{row.inFlight === undefined ? '' : formatCount(row.inFlight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
