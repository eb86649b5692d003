import type { RequestView } from '../core/request.ts';
import type { EligibleList } from './eligible-list.ts';
import type { Member } from './roster.ts';
import type { Tiers } from './tiers.ts';

type Fallback = 'none' | 'any' | 'default';
type Metadata = Readonly<Record<string, string>>;

export interface SubsetSettings {
  /** What a request asks for: key of metadata -> the header that carries the value. */
  readonly criteria: Metadata;
  /** The sets of keys that subsets are made by. A request uses the one with exactly the keys it asks for. */
  readonly selectors: readonly { readonly keys: readonly string[]; readonly fallback?: Fallback | undefined }[];
  /** For a request without a subset: nobody, anybody, or the default subset. A selector may have its own. */
  readonly fallback: Fallback;
  readonly default?: Metadata | undefined;
}

/**
 * A pool in parts, by the metadata of its backends: each request is served by the part that has all it asks for. Each part has levels, zones and pickers of its own.
 *
 * Cost: a map look-up a request; a part for each combination of values that occurs. Source: Envoy, subset load balancer.
 */
export class Subsets {
  private readonly settings: SubsetSettings;
  private readonly make: (name: string) => Tiers;
  private readonly any: Tiers;
  private readonly parts = new Map<string, Tiers>();
  private readonly fallbackPart: Tiers;

  /** `make` makes the levels of a part. */
  constructor(settings: SubsetSettings, make: (name: string) => Tiers) {
    this.settings = settings;
    this.make = make;
    this.any = make('any');
    this.fallbackPart = make('default');
  }

  join(member: Member): void {
    const { selectors, default: wanted = {} } = this.settings;
    const { metadata = {} } = member.role;
    this.any.join(member);
    if (Object.entries(wanted).every(([key, value]) => metadata[key] === value)) this.fallbackPart.join(member);
    for (const name of new Set(selectors.flatMap(({ keys }) => nameOf(keys, metadata) ?? []))) {
      this.partOf(name).join(member);
    }
  }

  touch(): void {
    for (const part of [this.any, this.fallbackPart, ...this.parts.values()]) part.touch();
  }

  /** `undefined`: there is no subset for this request, and nobody stands in. */
  choose(request: RequestView): EligibleList | undefined {
    const { criteria, selectors, fallback } = this.settings;
    const wanted: Record<string, string> = {};
    for (const [key, header] of Object.entries(criteria)) {
      const value = request.headers[header];
      if (value !== undefined) wanted[key] = value;
    }
    const asked = Object.keys(wanted);
    const selector = selectors.find(({ keys }) => keys.length === asked.length && keys.every((key) => key in wanted));
    const part = selector && this.parts.get(nameOf(selector.keys, wanted)!);
    if (part !== undefined) return part.choose(request);
    const instead = selector?.fallback ?? fallback;
    if (instead === 'none') return undefined;
    return (instead === 'any' ? this.any : this.fallbackPart).choose(request);
  }

  private partOf(name: string): Tiers {
    const part = this.parts.get(name) ?? this.make(name);
    this.parts.set(name, part);
    return part;
  }
}

/** A name for the values of these keys; `undefined` if one is missing. */
function nameOf(keys: readonly string[], metadata: Metadata): string | undefined {
  const sorted = [...keys].sort();
  if (sorted.some((key) => metadata[key] === undefined)) return undefined;
  return JSON.stringify(sorted.map((key) => [key, metadata[key]]));
}
