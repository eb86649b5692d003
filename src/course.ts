/**
 * The plan of the course: six parts, twenty lessons, in the order they are taught. The map on the home page, the sidebar
 * and the pages before and after a lesson come from here. A lesson that is written says the same things in its
 * frontmatter, and then its frontmatter counts: see `course-map.ts`, which also knows which lessons are written. A kata says
 * in katas/catalog.ts which lesson it follows from.
 */
export interface PlannedLesson {
  readonly number: number;
  /** The name of its file in lessons/ and the last step of its address, for example `04-round-robin-and-weights`. */
  readonly slug: string;
  readonly title: string;
  /** 1 to 6. */
  readonly part: number;
  /** Numbers of the lessons to read first. Advice: nothing is locked. */
  readonly after: readonly number[];
}

/** Titles of the parts, in order; part 1 is the first. */
export const partTitles = [
  'Why',
  'Which backend',
  'Healthy',
  'State',
  'The balancer is a system too',
  'Use it',
] as const;

export const plan: readonly PlannedLesson[] = [
  lesson(1, 'why-a-balancer', 'Why a balancer', 1, []),
  lesson(2, 'uses-and-kinds', 'Uses and kinds', 1, [1]),
  lesson(3, 'l4-and-l7', 'Layer 4 and layer 7', 1, [1]),

  lesson(4, 'round-robin-and-weights', 'Round robin and weights', 2, [2]),
  lesson(5, 'least-connections', 'Least connections', 2, [4]),
  lesson(6, 'power-of-two-choices', 'Power of two choices', 2, [5]),
  lesson(7, 'latency-aware', 'Latency-aware', 2, [5]),
  lesson(8, 'hashing', 'Hashing', 2, [4]),

  lesson(9, 'health-checks', 'Health checks', 3, [2]),
  lesson(10, 'outliers-and-panic', 'Outliers and panic', 3, [9]),
  lesson(11, 'drain-and-slow-start', 'Drain and slow start', 3, [9]),
  lesson(12, 'retries-and-overload', 'Retries and overload', 3, [9]),

  lesson(13, 'sticky-or-stateless', 'Sticky or stateless', 4, [8]),

  lesson(14, 'balancer-high-availability', 'Keeping the balancer up', 5, [9]),
  lesson(15, 'scaling-the-tier', 'Scaling the tier', 5, [8]),
  lesson(16, 'global', 'Global', 5, [14]),
  lesson(17, 'inside-the-box', 'Inside the box', 5, [3]),
  lesson(18, 'observability', 'Observability', 5, [12]),

  lesson(19, 'real-systems', 'Real systems', 6, [17]),
  lesson(20, 'design-interview', 'Design interview', 6, [18]),
];

function lesson(number: number, name: string, title: string, part: number, after: readonly number[]): PlannedLesson {
  return { number, slug: `${twoDigits(number)}-${name}`, title, part, after };
}

/** 4 -> "04", as lessons are numbered everywhere. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
