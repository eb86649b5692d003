/** The slug of the lesson a component stands in: `04-round-robin-and-weights`. Empty on other pages. */
export function lessonOf({ url }: { url: URL }): string {
  return /\/lessons\/([^/]+)/.exec(url.pathname)?.[1] ?? '';
}
