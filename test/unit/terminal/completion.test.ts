import { expect, test } from 'vitest';
import { terminal } from './fake-lab.ts';

/** The line after Tab, with the choices behind it where Tab could add nothing. */
function afterTab(typed: string): string {
  const { text, choices } = terminal().shell.complete(typed, typed.length);
  return choices.length === 0 ? text : `${text} [${choices.join(' ')}]`;
}

test.each([
  ['ru', 'run '],
  ['sp', 'speed '],
  ['see', 'see [seek seed]'],
  ['kill ', 'kill s'],
  ['kill s', 'kill s [s1 s2 s10]'],
  ['kill s2', 'kill s2 '],
  ['kill s1', 'kill s1 [s1 s10]'],
  ['kill s2 ', 'kill s2 '],
  ['slow s1', 'slow s1 [s1 s10]'],
  ['curl /b', 'curl /backends'],
  ['curl /backends/s2', 'curl /backends/s2 '],
  ['curl http', 'curl http://lb:9000/'],
  ['curl -X D', 'curl -X DELETE '],
  ['curl -d ', 'curl -d '],
  ['scenario c', 'scenario crash '],
  ['help rec', 'help recover '],
  ['tail -f he', 'tail -f health '],
  ['nothing ', 'nothing '],
  ["curl -d '{", "curl -d '{"],
])('Tab after %j', (typed, expected) => {
  expect(afterTab(typed)).toBe(expected);
});

test('Tab in the middle of a line keeps what stands behind the cursor', () => {
  expect(terminal().shell.complete('slo s2', 3)).toMatchObject({ text: 'slow  s2', cursor: 5 });
});
