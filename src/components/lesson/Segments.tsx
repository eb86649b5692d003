interface Props<T> {
  /** Says what is chosen; read out, and shown when `showLegend`. */
  readonly legend: string;
  readonly showLegend?: boolean;
  readonly name: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** A choice of a few, side by side: native radio buttons, so arrows move and the choice is announced. */
export function Segments<T extends number | string>({
  legend,
  showLegend = false,
  name,
  options,
  value,
  onChoose,
}: Props<T>) {
  return (
    <fieldset class="b-segments">
      <legend class={showLegend ? 'b-knob-label' : 'b-visually-hidden'}>{legend}</legend>
      <div class="b-segments-row">
        {options.map((option) => (
          <label key={option.value} class="b-segment">
            <input
              type="radio"
              name={name}
              value={String(option.value)}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
