/** The signs of a check: shape first, hue second. Decorative: the words beside them say the same. */

export function Tick() {
  return (
    <svg class="b-tick" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M1.5 7.5 5.5 11.5 12.5 3" />
    </svg>
  );
}

export function Cross() {
  return (
    <svg class="b-cross" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5" />
    </svg>
  );
}
