import type { PolicyKind } from '../../../engine/index.ts';
import type { KnownMisconception } from './misconceptions.ts';

/** What the page of a kata knows about it when it is built. */
export interface KataInfo {
  readonly slug: string;
  readonly number: number;
  readonly title: string;
  /** What must hold, in one line without its full stop. */
  readonly promise: string;
  /** Which policy the learner writes. */
  readonly policy: PolicyKind;
  readonly starter: string;
  readonly misconceptions: readonly KnownMisconception[];
  /** The lesson it follows from; without an address while that is not written. */
  readonly lesson?: { readonly number: string; readonly href: string | undefined } | undefined;
  /** The kata after it. */
  readonly next?: { readonly number: number; readonly title: string; readonly href: string } | undefined;
}

/** The name over the editor. */
export const fileName = (policy: PolicyKind): string => `${policy}.ts`;

/** There is a picture of its decisions; those of other policies are a list. */
export const isDrawn = (policy: PolicyKind): boolean => policy === 'picker' || policy === 'health';
