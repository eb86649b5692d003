/** Columns as wide as their widest cell; words to the left, numbers (columns from `numbersFrom` on) to the right. */
export function aligned(table: readonly (readonly string[])[], numbersFrom = Infinity): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column < numbersFrom ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
