/** A hash ring: points sorted by their hash, each with its owner. */
export interface Ring {
  /** Ascending. Only the first `size` count, here and in `owners`. */
  readonly hashes: Uint32Array;
  readonly owners: Int32Array;
  readonly size: number;
  /** Where the points with each value of the bits above `shift` begin, and at last `size`: a search starts beside its point. */
  readonly starts: Uint32Array;
  readonly shift: number;
}

/** Points to one entry of `starts`, at least: an entry is half as large as a point. */
const POINTS_AN_ENTRY = 2;

/** Sorts points by hash, those with equal ones in the order they came in. `hashes` and `owners` are used up. */
export function sortedRing(hashes: Uint32Array, owners: Int32Array): Ring {
  sort(hashes, owners);
  return indexed(hashes, owners, false);
}

/** As `sortedRing`, with only the first of points that have equal hashes. */
export function ringOfFirsts(hashes: Uint32Array, owners: Int32Array): Ring {
  sort(hashes, owners);
  return indexed(hashes, owners, true);
}

/** Where the first point with at least this hash stands; `size` if there is none. */
export function firstAtLeast({ hashes, starts, shift }: Ring, hash: number): number {
  const entry = hash >>> shift;
  let low = starts[entry]!;
  let high = starts[entry + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashes[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Radix sort by the upper 22 bits, in two passes from the lower 11 of them; then insertion by the rest. Hashes are spread evenly, so of millions of points only a few share those 22
 * bits, and the third pass over memory is saved.
 */
function sort(hashes: Uint32Array, owners: Int32Array): void {
  const lower = new Uint32Array(2048);
  const upper = new Uint32Array(2048);
  for (const hash of hashes) {
    lower[(hash >>> 10) & 2047]! += 1;
    upper[hash >>> 21]! += 1;
  }
  const otherHashes = new Uint32Array(hashes.length);
  const otherOwners = new Int32Array(hashes.length);
  scatter(hashes, owners, otherHashes, otherOwners, 10, startsOf(lower));
  scatter(otherHashes, otherOwners, hashes, owners, 21, startsOf(upper));
  for (let i = 1; i < hashes.length; i += 1) {
    const hash = hashes[i]!;
    if (hashes[i - 1]! <= hash) continue;
    const owner = owners[i]!;
    let to = i;
    for (; to > 0 && hashes[to - 1]! > hash; to -= 1) {
      hashes[to] = hashes[to - 1]!;
      owners[to] = owners[to - 1]!;
    }
    hashes[to] = hash;
    owners[to] = owner;
  }
}

function indexed(hashes: Uint32Array, owners: Int32Array, firstsOnly: boolean): Ring {
  const shift = Math.min(31, Math.clz32(Math.floor(hashes.length / POINTS_AN_ENTRY)) + 1);
  const starts = new Uint32Array((0x80000000 >>> (shift - 1)) + 1);
  let size = 0;
  let entries = 0;
  for (let i = 0; i < hashes.length; i += 1) {
    const hash = hashes[i]!;
    if (firstsOnly && size > 0 && hash === hashes[size - 1]) continue;
    for (const entry = hash >>> shift; entries <= entry; entries += 1) starts[entries] = size;
    hashes[size] = hash;
    owners[size] = owners[i]!;
    size += 1;
  }
  starts.fill(size, entries);
  return { hashes, owners, size, starts, shift };
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
