/**
 * Maglev hashing: a large table of backends, and a key picks the slot of its hash.
 *
 * The table is filled by turns (see maglev-table.ts), so shares are even to a slot whatever the names, where a ring needs many points for that. It is rebuilt with
 * every change of the pool. A lost backend's slots go to the others, and a few slots of the others change hands too: disruption is small, not minimal.
 *
 * Options: `key`, what is hashed of a request; `form`, whose hashes, order and weights (`envoy`, `paper`, `katran-v1`, `katran-v2`, `cilium`); `tableSize`, a prime.
 *
 * Cost: O(1) a pick; a rebuild is O(M log M + n log n); memory for M words. A backend tried before, or full, is passed over: see `pick`.
 *
 * Fails when: one key has more traffic than one backend can take (bounded loads spread it), or changes come faster than tables can be built.
 *
 * Source: Eisenbud et al., NSDI 2016, section 3.4.
 *
 * Real systems: Envoy (65537 slots), Katran (65537), Cilium (16381), IPVS `mh`. In the forms of Envoy and the paper a backend's name is its address. Katran leaves
 * open how a backend gets its own hash; here it is xxHash of the address.
 */
import { invariant } from '../core/invariant.ts';
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';
import { ciliumRow, envoyRow, katranRow } from './maglev-rows.ts';
import type { RowStart } from './maglev-rows.ts';
import { maglevTable, tableSizeProblem } from './maglev-table.ts';
import type { MaglevScheme } from './maglev-table.ts';

export interface MaglevOptions {
  readonly key?: string;
  readonly form?: MaglevScheme;
  readonly tableSize?: number;
}

/** How often another slot is asked while the answer was tried before (Envoy: host selection retries). */
const RETRIES = 5;

export function maglev({
  key,
  form = 'envoy',
  tableSize = form === 'cilium' ? 16_381 : 65_537,
}: MaglevOptions = {}): Picker {
  const problem = tableSizeProblem(tableSize);
  invariant(problem === undefined, `maglev: ${problem}`);
  const keyOf = requestKey(key);
  const hash = new Word64();
  let owners: Int32Array = new Int32Array(0);
  let members: readonly Backend[] = [];

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = form === 'cilium' || form === 'envoy' ? byName(backends) : backends.slice();
      const total = members.reduce((sum, { weight }) => sum + weight, 0);
      const claimants = members.map((member) => ({
        ...rowOf(form, member, tableSize),
        // Envoy's shares are parts of one; the others count whole turns.
        weight: form === 'envoy' ? member.weight / total : member.weight,
      }));
      owners = maglevTable(form, tableSize, claimants);
    },
    pick(_backends, request) {
      xxh64(bytesOf(keyOf(request)), SEED_0, hash);
      const first = slotOfAttempt(hash, 0, tableSize);
      let slot = first;
      for (let attempt = 1; attempt <= RETRIES && request.tried.includes(members[owners[slot]!]!); attempt += 1) {
        slot = slotOfAttempt(hash, attempt, tableSize);
      }
      // Full ones are passed over slot by slot: their keys scatter over all others.
      for (let step = 0; step < tableSize; step += 1) {
        const member = members[owners[slot]!]!;
        if (!member.full) return member;
        slot = slot + 1 < tableSize ? slot + 1 : 0;
      }
      return undefined;
    },
  };
}

/** The slot of a hash; for another attempt the hash is mixed with 2^64 - attempt, in Envoy's way. */
export function slotOfAttempt({ hi, lo }: Word64, attempt: number, size: number): number {
  if (attempt === 0) mixed.set(hi, lo);
  else mixed.set(~hi, lo ^ -attempt);
  return mixed.remainder(size);
}

function rowOf(form: MaglevScheme, { address }: Backend, size: number): RowStart {
  if (form === 'cilium') return ciliumRow(`[${address}/TCP,State:active]`, size);
  if (form === 'envoy' || form === 'paper') return envoyRow(address, size);
  return katranRow(xxh64(bytesOf(address), SEED_0, mixed), size);
}

function byName(backends: readonly Backend[]): Backend[] {
  return backends.slice().sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

const mixed = new Word64();
