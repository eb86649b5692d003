import type { Problem } from './scenario-error.ts';
import type { Scenario } from './scenario.ts';

/** Those whose table or block holds a backend as often as its weight says. HAProxy has no slow start for its map either; nginx's is not in the open one. */
const NEEDS_WHOLE_WEIGHTS: readonly string[] = [
  'block-weighted-round-robin',
  'caddy-weighted-round-robin',
  'ketama',
  'nginx-hash',
  'nginx-ip-hash',
  'haproxy-map-hash',
  'haproxy-static-rr',
  'ipvs-weighted-round-robin',
];

/** Weights that the picker of their pool cannot have: written as a part of one, or made so by a slow start. */
export function weightProblems({ pools, timeline }: Scenario): Problem[] {
  return pools.flatMap(({ id, picker: { name }, slowStart, backends }, at): Problem[] => {
    if (!NEEDS_WHOLE_WEIGHTS.includes(name)) return [];
    const ids = new Set(backends.map((backend) => backend.id));
    const late = timeline.flatMap((action, place) => {
      if (action.do === 'add-backend' && action.pool === id) {
        ids.add(action.backend.id);
        return fraction(action.backend.weight, `timeline[${place}].backend.weight`, name);
      }
      return [];
    });
    const set = timeline.flatMap((action, place) =>
      action.do === 'set-weight' && ids.has(action.backend)
        ? fraction(action.weight, `timeline[${place}].weight`, name)
        : [],
    );
    return [
      ...(slowStart === undefined ? [] : [slow(`pools[${at}].slowStart`, name)]),
      ...backends.flatMap(({ weight }, place) => fraction(weight, `pools[${at}].backends[${place}].weight`, name)),
      ...late,
      ...set,
    ];
  });
}

function slow(field: string, picker: string): Problem {
  return {
    field,
    found: `a slow start with the picker "${picker}"`,
    expected: 'none: its table knows whole weights only',
    mend: 'Leave it out, or take another picker.',
  };
}

function fraction(weight: number, field: string, picker: string): Problem[] {
  if (Number.isInteger(weight)) return [];
  const expected = `a whole number: the table of the picker "${picker}" knows no others`;
  return [{ field, found: String(weight), expected, mend: 'Round it, or take another picker.' }];
}
