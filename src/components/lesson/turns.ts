import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Scenario } from '../../../engine/index.ts';
import type { Marker } from '../chart/plot.ts';
import type { Cast } from './cast.ts';
import { type Knob, actionsOf, fill, isChoice, rebuilt } from './knob.ts';
import { type Moment, writeMoment } from './permalink.ts';
import type { Player } from './player.ts';

/** One turn of a knob that acts on the running world. */
interface Turn {
  readonly atUs: number;
  readonly before: number;
  readonly value: number;
}

/** A figure's knob and what was done with it: it drives the player, marks the chart and goes into links. */
export class Turns {
  readonly value: Signal<number>;
  readonly #knob: Knob | undefined;
  readonly #scenario: Scenario;
  readonly #player: Player;
  readonly #done: Signal<readonly Turn[]> = signal([]);

  /** `scenario` is the one the figure was written with; the player's may have been changed by the knob. */
  constructor(knob: Knob | undefined, scenario: Scenario, player: Player) {
    this.#knob = knob;
    this.#scenario = scenario;
    this.#player = player;
    this.value = signal(knob?.value ?? 0);
  }

  turn(value: number): void {
    const knob = this.#knob;
    const before = this.value.value;
    if (!knob || value === before) return;
    this.value.value = value;
    const world = rebuilt(knob, this.#scenario, value);
    if (world) {
      void this.#player.reopen({ scenario: world });
      return;
    }
    const { nowUs } = this.#player.frame.value;
    // Dragging turns many times in one moment: the last one counts.
    this.#done.value = [...this.#done.value.filter(({ atUs }) => atUs < nowUs), { atUs: nowUs, before, value }];
    void this.#player.apply(actionsOf(knob, this.#scenario, value, nowUs));
  }

  /** From 0 again. A knob that acts on the running world stays where it is: it is turned at the start instead. */
  restart(): void {
    const knob = this.#knob;
    const value = this.value.value;
    const moved = knob !== undefined && actsLive(knob) && value !== knob.value;
    this.#done.value = moved ? [{ atUs: 0, before: knob.value, value }] : [];
    this.#player.pause();
    void this.#player.reopen({ hands: moved ? actionsOf(knob, this.#scenario, value, 0) : [], atUs: 0 });
  }

  /** A link to this moment, with the knob as it was turned on the way. */
  link(figure: string): string {
    const turns = this.#done.value.map(({ atUs, value }) => ({ atUs, value }));
    return writeMoment(figure, {
      scenario: this.#scenario.name,
      seed: this.#player.seed.value,
      atUs: this.#player.frame.value.nowUs,
      knob: turns.length > 0 ? (this.#knob?.value ?? 0) : this.value.value,
      turns,
    });
  }

  /** Goes where a link leads. */
  follow({ scenario, seed, atUs, knob: value, turns }: Moment): void {
    const knob = this.#knob;
    if (scenario !== this.#scenario.name) {
      this.#player.notice.value = 'This link was made for an older version of this figure, so it opens at the start.';
      return;
    }
    const live = knob !== undefined && actsLive(knob) ? turns : [];
    this.value.value = live.at(-1)?.value ?? value;
    this.#done.value = live.map((turn, index) => ({ ...turn, before: live[index - 1]?.value ?? value }));
    void this.#player.reopen({
      scenario: (knob && rebuilt(knob, this.#scenario, value)) ?? this.#scenario,
      seed,
      hands: live.flatMap((turn) => actionsOf(knob!, this.#scenario, turn.value, turn.atUs)),
      atUs,
    });
  }

  /** What stands on the chart where the knob was last turned. */
  marker(cast: ReadonlySignal<Cast>): Marker | undefined {
    const knob = this.#knob;
    const last = this.#done.value.at(-1);
    if (knob === undefined || last === undefined || last.atUs === 0) return undefined;
    const words = (template: string, value: number): string =>
      fill(template, knob, value, cast.value, this.#player.frame.peek());
    const [before, after] = knob.marker ?? ['{value}', 'you set {value}'];
    return { atUs: last.atUs, before: words(before, last.before), after: words(after, last.value) };
  }
}

/** Does it change the running world, rather than re-open it in another one? */
function actsLive(knob: Knob): boolean {
  return !isChoice(knob) && knob.apply !== 'rebuild';
}
