import { useEffect, useState } from 'preact/hooks';

/** A pane whose width can be changed: its element, the style property that holds its width, and in which direction that grows. */
export interface Sized {
  readonly name: string;
  readonly pane: string;
  readonly property: string;
  /** Where the splitter stands. */
  readonly edge: 'start' | 'end';
  readonly leastPx: number;
  readonly mostPx: number;
}

const step = 24;

/** The rule between two panes. Arrow keys move it, Home and End go to the ends, Enter or a double click gives back the first width; it is remembered. */
export function Splitter({ name, pane, property, edge, leastPx, mostPx }: Sized) {
  const [width, setWidth] = useState(leastPx);
  useEffect(() => {
    const element = document.getElementById(pane);
    if (!element) return;
    apply(property, kept(property));
    const observer = new ResizeObserver(() => setWidth(Math.round(element.getBoundingClientRect().width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [pane, property]);

  const set = (px: number) => keep(property, Math.round(Math.min(Math.max(px, leastPx), mostPx)));
  const reset = () => keep(property, undefined);
  /** Which way to the right makes the pane wider. */
  const grows = edge === 'start' ? 1 : -1;

  const press = (event: KeyboardEvent) => {
    const to = {
      ArrowRight: width + grows * step,
      ArrowLeft: width - grows * step,
      Home: edge === 'start' ? leastPx : mostPx,
      End: edge === 'start' ? mostPx : leastPx,
    }[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (to === undefined) reset();
    else set(to);
  };

  const grab = (event: PointerEvent & { currentTarget: HTMLDivElement }) => {
    const splitter = event.currentTarget;
    const from = { x: event.clientX, width };
    event.preventDefault();
    splitter.focus();
    splitter.setPointerCapture(event.pointerId);
    splitter.onpointermove = (move) => set(from.width + grows * (move.clientX - from.x));
    splitter.onlostpointercapture = () => (splitter.onpointermove = null);
  };

  return (
    <div
      class={`b-splitter b-splitter-${edge}`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={name}
      aria-controls={pane}
      aria-valuemin={leastPx}
      aria-valuemax={mostPx}
      aria-valuenow={Math.min(Math.max(width, leastPx), mostPx)}
      aria-valuetext={`${width} pixels`}
      onKeyDown={press}
      onPointerDown={grab}
      onDblClick={reset}
    />
  );
}

function apply(property: string, width: string | undefined): void {
  const style = document.querySelector<HTMLElement>('.b-kata-panes')?.style;
  if (width === undefined) style?.removeProperty(property);
  else style?.setProperty(property, width);
}

/** A width is kept for this browser, and is no loss where nothing can be kept. */
function keep(property: string, px: number | undefined): void {
  apply(property, px === undefined ? undefined : `${px}px`);
  try {
    if (px === undefined) localStorage.removeItem(storageKey(property));
    else localStorage.setItem(storageKey(property), String(px));
  } catch {
    // Then it lasts as long as the page.
  }
}

function kept(property: string): string | undefined {
  try {
    const px = Number(localStorage.getItem(storageKey(property)));
    return px > 0 && px < 10_000 ? `${px}px` : undefined;
  } catch {
    return undefined;
  }
}

function storageKey(property: string): string {
  return `ballast-kata${property}`;
}
