import type { ScenarioVerdict } from '../../../engine/index.ts';
import { Cross, Tick } from './Marks.tsx';

/** The scenarios of a verdict, a row for each suite. Each that ran is a button: a failed one shows why, a passed one can be watched. */
export function Chips({
  scenarios,
  chosen,
  choose,
}: {
  scenarios: readonly ScenarioVerdict[];
  chosen: ScenarioVerdict | undefined;
  choose: (scenario: ScenarioVerdict) => void;
}) {
  const suites = [
    { name: 'Visible', of: scenarios.filter(({ suite }) => suite === 'visible') },
    { name: 'Hidden', of: scenarios.filter(({ suite }) => suite === 'hidden') },
  ];
  return (
    <dl class="b-chips">
      {suites
        .filter(({ of }) => of.length > 0)
        .map(({ name, of }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <ul>
                {of.map((scenario) => (
                  <li key={scenario.number}>
                    <Chip scenario={scenario} chosen={scenario === chosen} choose={choose} />
                  </li>
                ))}
                {of.some(({ status }) => status === 'not-run') && (
                  <li class="b-chip b-chip-idle" aria-hidden="true">
                    (not run)
                  </li>
                )}
              </ul>
            </dd>
          </div>
        ))}
    </dl>
  );
}

const standing = { passed: 'passed', failed: 'failed', 'not-run': 'not run' } as const;

function Chip({
  scenario,
  chosen,
  choose,
}: {
  scenario: ScenarioVerdict;
  chosen: boolean;
  choose: (scenario: ScenarioVerdict) => void;
}) {
  const { suite, number, title, status } = scenario;
  const name = suite === 'visible' ? title : status === 'failed' ? `${number} ${title}` : String(number);
  const words = <span class="b-visually-hidden"> {standing[status]}</span>;
  if (status === 'not-run') {
    return (
      <span class="b-chip b-chip-idle">
        {name}
        {words}
      </span>
    );
  }
  return (
    <button type="button" class="b-chip" data-status={status} aria-pressed={chosen} onClick={() => choose(scenario)}>
      {status === 'passed' ? <Tick /> : <Cross />}
      <span>{name}</span>
      {words}
    </button>
  );
}
