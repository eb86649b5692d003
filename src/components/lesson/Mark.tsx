import type { Shape, Sign } from './states.ts';

/** The shape of a state, 12 units square about its origin. Its hue comes from the class of what holds it. */
export function MarkShape({ shape }: { shape: Shape }) {
  switch (shape) {
    case 'disc':
      return <circle r="6" fill="currentColor" />;
    case 'dot':
      return <circle r="4.5" fill="currentColor" />;
    case 'square':
      return <rect x="-4.5" y="-4.5" width="9" height="9" fill="currentColor" />;
    case 'tally':
      return <path d="M-4 -6v12M0 -6v12M4 -6v12" stroke="currentColor" stroke-width="2.5" fill="none" />;
    case 'hatch':
      return (
        <g stroke="currentColor" fill="none">
          <rect x="-5.5" y="-5.5" width="11" height="11" stroke-width="1.5" />
          <path d="M-5.5 1L1 -5.5M-4.5 5L5 -4.5M-1 5.5L5.5 -1" stroke-width="2" />
        </g>
      );
    case 'cross':
      return <path d="M-4.5 -4.5l9 9M4.5 -4.5l-9 9" stroke="currentColor" stroke-width="3" fill="none" />;
    case 'triangle':
      return <path d="M-5.5 -4.5h11L0 5z" stroke="currentColor" stroke-width="1.75" fill="none" />;
    case 'slash':
      return (
        <g stroke="currentColor" stroke-width="1.75" fill="none">
          <circle r="5" />
          <path d="M-5 5L5 -5" />
        </g>
      );
    case 'tick':
      return <path d="M-5.5 0l3.5 4L5.5 -4.5" stroke="currentColor" stroke-width="2.5" fill="none" />;
    case 'none':
      return null;
  }
}

/** Mark and word, for tables and running text. */
export function SignWords({ sign }: { sign: Sign }) {
  return (
    <span class={`b-sign b-hue-${sign.hue}`}>
      {sign.shape !== 'none' && (
        <svg class="b-sign-mark" viewBox="-7 -7 14 14" aria-hidden="true">
          <MarkShape shape={sign.shape} />
        </svg>
      )}
      {sign.word}
    </span>
  );
}
