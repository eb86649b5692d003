/** The marks as a file: what its name ends with says in which form. */
import type { Mark } from './mark.ts';

const FORMS: readonly (readonly [ending: string, write: (marks: readonly Mark[]) => string])[] = [
  ['gradescope.json', gradescope],
  ['.junit.xml', junit],
  ['.csv', csv],
  ['.json', (marks) => `${JSON.stringify(marks, null, 2)}\n`],
];

/** The marks as the text of the file; undefined if its name ends with no form that is known. */
export function marksFile(name: string): ((marks: readonly Mark[]) => string) | undefined {
  return FORMS.find(([ending]) => name.endsWith(ending))?.[1];
}

const COLUMNS = 'submission kata result passed total claimed disagrees failure line message'.split(
  ' ',
) as (keyof Mark)[];

function csv(marks: readonly Mark[]): string {
  const rows = marks.map((mark) => COLUMNS.map((column) => cell(mark[column])));
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe: file names and messages come from strangers. */
function cell(value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  const text = String(value).replace(/^([=+\-@\t\r])/, "'$1");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function junit(marks: readonly Mark[]): string {
  const cases = marks.map(({ submission, kata, result, failure, message }) => {
    const name = `<testcase classname="${xml(kata)}" name="${xml(submission)}"`;
    if (result === 'passed') return `  ${name}/>`;
    const tag = result === 'failed' ? 'failure' : 'error';
    return `  ${name}><${tag} message="${xml(failure)}">${xml(message)}</${tag}></testcase>`;
  });
  const count = (result: Mark['result']): number => marks.filter((mark) => mark.result === result).length;
  const counts = `tests="${marks.length}" failures="${count('failed')}" errors="${count('unreadable')}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="ballast" ${counts}>\n${cases.join('\n')}\n</testsuite>\n`;
}

/** Control characters have no place in XML, not even escaped. */
function xml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD]/g, '�').replace(/[&<>"]/g, (found) => names[found]!);
}

/** What a Gradescope autograder leaves in results.json. */
function gradescope(marks: readonly Mark[]): string {
  const tests = marks.map(({ submission, kata, result, passed, total, failure, message }) => ({
    name: `${kata}: ${submission}`,
    score: passed,
    max_score: total,
    status: result === 'passed' ? 'passed' : 'failed',
    output: [failure, message].filter(Boolean).join('\n'),
  }));
  return `${JSON.stringify({ tests, visibility: 'visible' }, null, 2)}\n`;
}
