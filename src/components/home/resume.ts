/** Turns "Start here" into "Where you stopped", marks that lesson in the map and counts what is done. */
import {
  allKatas,
  allLessons,
  beats,
  lastPlace,
  predictions,
  subscribe,
  type Beat,
  type PlaceRecord,
} from '../../store/progress.ts';
import { whenWithTime } from '../dates.ts';

interface LessonFacts {
  readonly slug: string;
  readonly name: string;
  readonly href: string;
}

const block = document.querySelector<HTMLElement>('[data-resume-block]');
const lessons = JSON.parse(block?.dataset['lessons'] ?? '[]') as LessonFacts[];
const beatTitles = JSON.parse(block?.dataset['beats'] ?? '{}') as Record<Beat, string>;

function part(name: string): HTMLElement {
  return block!.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
}

async function show(): Promise<void> {
  const [place, done, katas] = await Promise.all([lastPlace(), allLessons(), allKatas()]);
  const isDone = (slug: string) => (done.get(slug)?.size ?? 0) === beats.length;
  countDone(lessons.filter(({ slug }) => isDone(slug)).length, [...katas.values()]);

  const lesson = lessons.find(({ slug }) => slug === place?.lesson);
  if (!block || !place || !lesson) return;
  if (isDone(lesson.slug)) showNext(lessons.find(({ slug }) => !isDone(slug)));
  else await showPlace(place, lesson);
}

async function showPlace(place: PlaceRecord, lesson: LessonFacts): Promise<void> {
  part('label').textContent = `Where you stopped, ${whenWithTime(place.atIso)}`;
  part('name').textContent = lesson.name;
  const at = `Beat ${beats.indexOf(place.beat) + 1} of ${beats.length}, ${beatTitles[place.beat]}.`;
  part('detail').textContent = place.beat === 'experiment' ? `${at}${await waitingPrediction(lesson.slug)}` : at;
  setWay(`${lesson.href}#${place.beat}`, `Resume at ${beatTitles[place.beat]}`);
  markRow(lesson.slug);
}

/** " Your prediction is waiting: 350 ms." or nothing */
async function waitingPrediction(slug: string): Promise<string> {
  const made = (await predictions(slug)).find(({ declined }) => !declined);
  if (!made) return '';
  return made.unit ? ` Your prediction is waiting: ${made.value}\u00a0${made.unit}.` : ' Your prediction is waiting.';
}

function showNext(lesson: LessonFacts | undefined): void {
  if (!lesson) {
    part('label').textContent = 'Done';
    part('name').textContent = 'Every lesson that is written';
    part('detail').textContent = 'The katas and the lab are where to go from here.';
    setWay(block!.querySelector<HTMLAnchorElement>('a:not([data-part])')!.href, 'Open the lab');
    return;
  }
  part('label').textContent = 'Next';
  part('name').textContent = lesson.name;
  part('detail').textContent = 'The lesson before it is done.';
  setWay(lesson.href, 'Start it');
  markRow(lesson.slug);
}

function setWay(href: string, words: string): void {
  const way = part('way') as HTMLAnchorElement;
  way.href = href;
  way.textContent = words;
}

function markRow(slug: string): void {
  for (const row of document.querySelectorAll<HTMLElement>('[data-row]')) {
    row.toggleAttribute('data-current', row.dataset['row'] === slug);
  }
}

function countDone(lessonCount: number, states: readonly string[]): void {
  const facts = document.querySelector<HTMLElement>('[data-map-facts]');
  const solved = states.filter((state) => state.startsWith('solved')).length;
  if (!facts || lessonCount + solved === 0) return;
  const { lessons, katas } = facts.dataset;
  facts.textContent = `${lessonCount} of the ${lessons} written lessons done, ${solved} of the ${katas} katas solved.`;
}

void show();
subscribe(() => void show());
