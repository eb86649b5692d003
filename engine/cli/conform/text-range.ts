/** A list of texts, or the ends of one that counts up: "key-0 .. key-9999", or xxh64("key-0".."key-9999"). */
export function textsOf(texts: string | readonly string[]): readonly string[] {
  if (typeof texts !== 'string') return texts;
  const [, stem = '', from = 0, to = 0] = /([^\s"(]*?)(\d+)"?\s*\.\.\s*"?[^\s"]*?(\d+)"?\)?$/u.exec(texts) ?? [];
  const start = Number(from);
  return Array.from({ length: Number(to) - start + 1 }, (_, i) => `${stem}${start + i}`);
}
