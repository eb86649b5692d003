/** The drawings on figure controls, 20 units square, in currentColor. */
const PATHS = {
  play: <path d="M6 4l11 6-11 6z" fill="currentColor" />,
  pause: <path d="M5.5 4h3v12h-3zM11.5 4h3v12h-3z" fill="currentColor" />,
  step: <path d="M4 4l9 6-9 6zM13.5 4h2.5v12h-2.5z" fill="currentColor" />,
  back: <path d="M16 4l-9 6 9 6zM4 4h2.5v12H4z" fill="currentColor" />,
  restart: (
    <g fill="none" stroke="currentColor" stroke-width="2">
      <path d="M5 6.5A6.2 6.2 0 1 1 4 11" />
      <path d="M4.2 2.8v4.4h4.4" />
    </g>
  ),
  link: (
    <g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round">
      <path d="M8.5 11.5l4-4" />
      <path d="M10 6l2-2a3 3 0 0 1 4.2 4.2l-2.2 2a3 3 0 0 1-3 .7" />
      <path d="M10 14l-2 2a3 3 0 0 1-4.2-4.2l2.2-2a3 3 0 0 1 3-.7" />
    </g>
  ),
  table: <path d="M3 4.5h14v11H3zM3 8.2h14M3 11.8h14M8 8v7.5" fill="none" stroke="currentColor" stroke-width="1.6" />,
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="b-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}
