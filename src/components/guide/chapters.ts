/** The README files as one page: which parts of them, at which level of heading, and where their links lead. */

interface Chapter {
  /** The anchor of its heading. */
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** HTML of the README files at the root, of src/components/lesson and of engine/grade. */
interface Texts {
  readonly readme: string;
  readonly components: string;
  readonly grading: string;
}

/** The parts of the first README that are about content. */
const walks = ['add-a-lesson', 'add-a-kata', 'grade-submissions'];
/** A README that is a chapter here, by the end of its path: its anchor, and what it is called where only its path stands. */
const chapterOf = {
  'components/lesson/README.md': ['components-for-lessons', 'Components for lessons'],
  'grade/README.md': ['grading-for-authors-of-katas', 'Grading, for authors of katas'],
} as const;

/** Throws when a part is not there any more, or a heading has another name. */
export function guideChapters({ readme, components, grading }: Texts): readonly Chapter[] {
  return [...walks.map((id) => part(readme, id)), oneLevelDown(components), oneLevelDown(grading)].map((html) => {
    const [, id, title] = /^<h2 id="([^"]+)">(.*?)<\/h2>/.exec(html) ?? [];
    if (id === undefined || title === undefined)
      throw new Error(`The guide found no heading at the start of: ${html.slice(0, 80)}`);
    return { id, title, html: withScrollingTables(withLinks(html)) };
  });
}

/** From the heading `id` to the next one of its level. */
function part(html: string, id: string): string {
  const found = new RegExp(`<h2 id="${id}">[^]*?(?=<h2 |$)`).exec(html)?.[0];
  if (found === undefined) throw new Error(`README.md has no heading with the anchor ${id}, which the guide shows.`);
  return found;
}

function oneLevelDown(html: string): string {
  return html.replace(/<(\/?)h([1-5])/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}`);
}

/** A link to a chapter leads there, and says its title instead of its path; one to another file of the repository, which the site does not publish, is its text alone. */
function withLinks(html: string): string {
  return html.replace(/<a href="(?!https?:|#)([^"]*)">([^]*?)<\/a>/g, (_, to: string, text: string) => {
    const chapter = Object.entries(chapterOf).find(([path]) => to.endsWith(path))?.[1];
    if (chapter === undefined) return text;
    const [id, title] = chapter;
    return `<a href="#${id}">${text === to ? title : text}</a>`;
  });
}

/** A table wider than the page scrolls by itself, also by keyboard. */
function withScrollingTables(html: string): string {
  return html
    .replace(/<table>/g, '<div class="b-scroll" tabindex="0" role="group" aria-label="Table"><table>')
    .replace(/<\/table>/g, '</table></div>');
}
