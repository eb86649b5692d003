/**
 * A link to a moment of a figure: `#figure-4-3;scenario=equal-turns;seed=11;t=11200000;knob=1;turns=8000000:2`. Everything stands in the
 * fragment, so the page stays one static file.
 */
export interface Moment {
  readonly scenario: string;
  readonly seed: number;
  readonly atUs: number;
  /** Value of a knob that re-opens the run. */
  readonly knob: number;
  /** Turns of a knob that acts on the running world: when, and to what. */
  readonly turns: readonly { readonly atUs: number; readonly value: number }[];
}

export function writeMoment(figure: string, moment: Moment): string {
  const turns = moment.turns.map(({ atUs, value }) => `${atUs}:${value}`).join(',');
  const fields = [`scenario=${moment.scenario}`, `seed=${moment.seed}`, `t=${moment.atUs}`, `knob=${moment.knob}`];
  return `#${[figure, ...fields, ...(turns === '' ? [] : [`turns=${turns}`])].join(';')}`;
}

/** Undefined when the fragment is for something else, or damaged. */
export function readMoment(fragment: string, figure: string): Moment | undefined {
  const [name, ...fields] = decodeURIComponent(fragment.replace(/^#/, '')).split(';');
  if (name !== figure) return undefined;
  const values = new Map(fields.map((field) => field.split('=', 2) as [string, string]));
  const whole = (key: string): number => (/^\d+$/.test(values.get(key) ?? '') ? Number(values.get(key)) : Number.NaN);
  const moment = {
    scenario: values.get('scenario') ?? '',
    seed: whole('seed'),
    atUs: whole('t'),
    knob: Number(values.get('knob')),
    turns: readTurns(values.get('turns')),
  };
  const sound =
    moment.scenario !== '' &&
    moment.seed <= 0xffffffff &&
    Number.isSafeInteger(moment.atUs) &&
    Number.isFinite(moment.knob) &&
    moment.turns.every(({ atUs, value }) => Number.isSafeInteger(atUs) && Number.isFinite(value));
  return sound ? moment : undefined;
}

function readTurns(text: string | undefined): Moment['turns'] {
  if (text === undefined || text === '') return [];
  return text.split(',').map((turn) => {
    const [at, value] = turn.split(':');
    return { atUs: Number(at), value: Number(value) };
  });
}
