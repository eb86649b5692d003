import { unbroken } from './chart/format.ts';

/** Text in which names of code stand between backticks; numbers keep their units. */
export function withCode(text: string) {
  return unbroken(text)
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
