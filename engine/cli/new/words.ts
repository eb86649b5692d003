/** What an author has still to write begins with this; `npm run check` names each place. */
export const FILL_IN = 'Fill in';

/** `slow-start` -> `Slow start` */
export function titleOf(slug: string): string {
  const words = slug.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function expectSlug(slug: string, example: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) return;
  throw new Error(
    `The slug: found "${slug}", expected lower-case letters and digits joined by hyphens, like ${example}.`,
  );
}
