/**
 * Follows the reader through the beats of a lesson: marks the current one in both lists, names it in the bar, and
 * remembers it as the place to resume at.
 */
import { setLastPlace, type Beat } from '../../store/progress.ts';
import { beatTitles } from './beat-titles.ts';

const order = Object.keys(beatTitles) as Beat[];
const sections = order.flatMap((beat) => document.getElementById(beat) ?? []);
const lists = document.querySelectorAll<HTMLElement>('.b-beat-list');
const bar = document.querySelector('[data-bar]');
const details = document.querySelector<HTMLDetailsElement>('.b-bar details');

let current: Beat | undefined;
/** A reader who scrolls past has not been there; one who stays this long has. */
const staysMs = 2000;
let timer: ReturnType<typeof setTimeout> | undefined;

function arrive(beat: Beat): void {
  if (beat === current) return;
  current = beat;
  for (const link of document.querySelectorAll('.b-beat-list a')) {
    if (link.getAttribute('href') === `#${beat}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  if (bar) bar.textContent = `Beat ${order.indexOf(beat) + 1} of ${order.length}: ${beatTitles[beat]}`;
  clearTimeout(timer);
  timer = setTimeout(() => void remember(beat), staysMs);
}

async function remember(beat: Beat): Promise<void> {
  const lesson = lists[0]?.dataset['cells'];
  if (lesson && document.visibilityState === 'visible') await setLastPlace({ lesson, beat });
}

/** The current beat is the last one that begins above a line a third of the way down the window. */
function look(): void {
  const line = innerHeight / 3;
  const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const passed = sections.filter((section) => section.getBoundingClientRect().top <= line);
  const section = atEnd && scrollY > 0 ? sections.at(-1) : (passed.at(-1) ?? sections[0]);
  if (section) arrive(section.id as Beat);
}

if (sections.length > 0) {
  let waiting = false;
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    },
    { passive: true },
  );
  look();
}

/** The bar's list closes on a choice, on Escape and on a click elsewhere. */
document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || !details?.open) return;
  if (event.target.closest('.b-bar a') || !details.contains(event.target)) details.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !details?.open) return;
  details.open = false;
  details.querySelector('summary')?.focus();
});
