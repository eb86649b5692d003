/** A column twice as long that begins with what `from` holds. Everything here that grows doubles in this way. */
export function grown<Column extends Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array>(
  from: Column,
): Column {
  const to = new (from.constructor as new (length: number) => Column)(from.length * 2);
  to.set(from);
  return to;
}
