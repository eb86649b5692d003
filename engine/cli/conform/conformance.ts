import { configuredName } from './configured-name.ts';
import { eligibility } from './eligibility.ts';
import { hashing } from './hashing.ts';
import { health } from './health.ts';
import { leastLoaded } from './least-loaded.ts';
import { resilience } from './resilience.ts';
import { rotation } from './rotation.ts';
import { tables } from './tables.ts';
import { tier } from './tier.ts';
import { traffic } from './traffic.ts';
import { notApplicable } from './finding.ts';
import type { Finding, Recording, VectorFamily, VectorRow } from './finding.ts';

const FAMILIES: readonly VectorFamily[] = [
  eligibility,
  hashing,
  health,
  leastLoaded,
  resilience,
  rotation,
  tables,
  tier,
  traffic,
];

export interface Row {
  readonly id: string;
  readonly finding: Finding;
}

/** What there is to say of one file, as JSON: a row for each vector, or one for a recording. Throws an Error for anything else. */
export function findingsOf(name: string, document: unknown): Row[] {
  if (isRecord(document) && Array.isArray(document.vectors)) {
    return document.vectors.map((row: unknown, index) => {
      if (!isRecord(row) || typeof row.algorithm !== 'string') {
        throw new Error(
          `vectors[${index}] is no row: it needs at least an "id", an "algorithm", an "input" and "expected"`,
        );
      }
      const vector = { params: {}, ...row } as unknown as VectorRow;
      return {
        id: typeof row.id === 'string' ? row.id : `vectors[${index}]`,
        finding: guarded(() => checkVector(vector)),
      };
    });
  }
  if (isRecord(document) && typeof document.algorithm === 'string' && 'picks' in document) {
    return [{ id: name, finding: guarded(() => replay(document as unknown as Recording)) }];
  }
  throw new Error(
    'it is neither a file of vectors (with a list "vectors") nor a recording (with "algorithm" and "picks")',
  );
}

function checkVector(row: VectorRow): Finding {
  for (const { vectors } of FAMILIES)
    if (vectors && Object.hasOwn(vectors, row.algorithm)) return vectors[row.algorithm]!(row);
  return notApplicable(`no part of the engine is called "${row.algorithm}"`);
}

function replay(recording: Recording): Finding {
  const name = `${recording.balancer}: ${recording.algorithm}`;
  const reader = readerOf(name) ?? readerOf(configuredName(recording) ?? '');
  return reader === undefined ? notApplicable(`no part of the engine stands for "${name}"`) : reader(recording);
}

function readerOf(name: string): ((recording: Recording) => Finding) | undefined {
  return FAMILIES.flatMap(({ recordings = [] }) => recordings).find(({ of }) => of.test(name))?.replay;
}

/** A row that cannot be read, or on which the engine stumbles, differs; it never ends the others. */
function guarded(check: () => Finding): Finding {
  try {
    return check();
  } catch (error) {
    return { is: 'differing', where: 'while it ran', expected: 'an answer', got: String(error) };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
