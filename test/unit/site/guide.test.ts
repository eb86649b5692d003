import { describe, expect, it } from 'vitest';
import { guideChapters } from '../../../src/components/guide/chapters.ts';

const readme =
  '<h1 id="b">B</h1><h2 id="run-it">Run it</h2><h2 id="add-a-lesson">Add a lesson</h2><p>See <a href="src/components/lesson/README.md">them</a>.</p>' +
  '<h2 id="add-a-kata">Add a kata</h2><h2 id="grade-submissions">Grade</h2><p><a href="engine/DECISIONS.md">why</a></p><h2 id="licence">Licence</h2>';
const texts = {
  readme,
  components: '<h1 id="components-for-lessons">Components</h1><h2 id="beat">Beat</h2><table></table>',
  grading: '<h1 id="grading-for-authors-of-katas">Grading</h1>',
};

describe('the guide for instructors', () => {
  const chapters = guideChapters(texts);

  it('is the walks of the README, then the lists they send the reader to', () => {
    expect(chapters.map(({ title }) => title)).toEqual([
      'Add a lesson',
      'Add a kata',
      'Grade',
      'Components',
      'Grading',
    ]);
    expect(chapters[3]?.html).toContain('<h3 id="beat">Beat</h3>');
  });

  it('links to its own chapters, and to no file that the site does not publish', () => {
    expect(chapters[0]?.html).toContain('<a href="#components-for-lessons">them</a>');
    expect(chapters[2]?.html).toContain('<p>why</p>');
  });

  it('calls a chapter by its title where the README has only its path', () => {
    const path = 'engine/grade/README.md';
    const [lesson] = guideChapters({ ...texts, readme: readme.replace('See', `<a href="${path}">${path}</a>`) });
    expect(lesson?.html).toContain('<a href="#grading-for-authors-of-katas">Grading, for authors of katas</a>');
  });

  it('lets a table scroll by keyboard', () => {
    expect(chapters[3]?.html).toContain('tabindex="0" role="group" aria-label="Table"><table>');
  });

  it('says which part of the README it misses', () => {
    expect(() => guideChapters({ ...texts, readme: '<h2 id="run-it">Run it</h2>' })).toThrow(
      'README.md has no heading with the anchor add-a-lesson',
    );
  });
});
