/** A hash ring: points sorted by their hash, each with its owner. */
export interface Ring {
  /** Ascending. Only the first `size` count, here and in `owners`. */
  readonly hashes: Uint32Array;
  readonly owners: Int32Array;
  readonly size: number;
}

/** Sorts points by hash, those with equal ones in the order they came in. Both arrays are used up. */
export function sortedRing(hashes: Uint32Array, owners: Int32Array): Ring {
  const size = hashes.length;
  const counts = [0, 11, 22].map(() => new Uint32Array(2048));
  for (let i = 0; i < size; i += 1) {
    const hash = hashes[i]!;
    counts[0]![hash & 2047]! += 1;
    counts[1]![(hash >>> 11) & 2047]! += 1;
    counts[2]![hash >>> 22]! += 1;
  }
  // Radix sort, 11 bits at a time from the lowest: three passes over the points, whatever their number.
  let from = { hashes, owners };
  let to: typeof from = { hashes: new Uint32Array(size), owners: new Int32Array(size) };
  for (let pass = 0; pass < 3; pass += 1) {
    scatter(from.hashes, from.owners, to.hashes, to.owners, 11 * pass, startsOf(counts[pass]!));
    [from, to] = [to, from];
  }
  return { ...from, size };
}

/** The same ring with only the first of points that have equal hashes. */
export function withoutDuplicates({ hashes, owners, size }: Ring): Ring {
  let kept = 0;
  for (let i = 0; i < size; i += 1) {
    if (i > 0 && hashes[i] === hashes[kept - 1]) continue;
    hashes[kept] = hashes[i]!;
    owners[kept] = owners[i]!;
    kept += 1;
  }
  return { hashes, owners, size: kept };
}

/** Where the first point with at least this hash stands; `size` if there is none. */
export function firstAtLeast({ hashes, size }: Ring, hash: number): number {
  let low = 0;
  let high = size;
  // Hashes are spread evenly, so the point stands near its part of the ring: mostly within a few square roots of the size.
  const guess = Math.floor((hash / 0x100000000) * size);
  const reach = Math.ceil(2 * Math.sqrt(size));
  if (guess - reach >= 0 && hashes[guess - reach]! < hash) low = guess - reach + 1;
  if (guess + reach < size && hashes[guess + reach]! >= hash) high = guess + reach;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashes[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startsOf(counts: Uint32Array): Uint32Array {
  let start = 0;
  counts.forEach((count, digit) => {
    counts[digit] = start;
    start += count;
  });
  return counts;
}

function scatter(
  hashes: Uint32Array,
  owners: Int32Array,
  toHashes: Uint32Array,
  toOwners: Int32Array,
  shift: number,
  starts: Uint32Array,
): void {
  for (let i = 0; i < hashes.length; i += 1) {
    const hash = hashes[i]!;
    const digit = (hash >>> shift) & 2047;
    const place = starts[digit]!;
    starts[digit] = place + 1;
    toHashes[place] = hash;
    toOwners[place] = owners[i]!;
  }
}
