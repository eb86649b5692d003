import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Cast } from './cast.ts';
import type { Player } from './player.ts';
import { cellsOf } from './scene.ts';
import { type Compare, stageOf } from './stage.ts';
import { backendStates } from './states.ts';
import { Topology } from './Topology.tsx';

interface PictureProps {
  player: Player;
  cast: Cast;
  id: string;
  layout: 'topology' | 'lanes';
  compare: Compare;
  size: 'lesson' | 'home' | undefined;
  showPick: boolean;
}

/** Widths the server draws at: it cannot know the reader's, so it draws both and the style sheet shows one. */
const SERVER_WIDTHS = { wide: { lesson: 798, home: 1374 }, phone: 356 } as const;

/** The topology at the width it has: drawn again with every frame. */
export function Picture({ player, cast, id, layout, compare, size = 'lesson', showPick }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const element = box.current!;
    // A figure that is not laid out has no width, and keeps the one it had.
    const draw = (room: number) => room >= 1 && setWidth(Math.floor(room));
    const watcher = new ResizeObserver(([entry]) => draw(entry!.contentRect.width));
    watcher.observe(element);
    draw(element.clientWidth);
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
