import { useState } from 'preact/hooks';
import { formatUs } from '../chart/format.ts';
import { Icon, type IconName } from './icons.tsx';
import { type Knob, isChoice, valueWords } from './knob.ts';
import type { Player } from './player.ts';
import { Segments } from './Segments.tsx';

/** The bar under a figure: each control shows one part of a player's state and changes it. */

/** A square button with a drawing; its name is read out and shown on hover. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  solid?: boolean;
  onPress: () => void;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      class={props.solid ? 'b-figure-button b-figure-button--solid' : 'b-figure-button'}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onPress}
    >
      <Icon name={props.icon} />
    </button>
  );
}

interface TransportProps {
  player: Player;
  onPlay: () => void;
  onPause: () => void;
  onStep: () => void;
  onRestart: () => void;
}

/** Play and pause swap emphasis: the solid one is what makes sense now. */
export function Transport({ player, onPlay, onPause, onStep, onRestart }: TransportProps) {
  const running = player.status.value === 'running';
  return (
    <div class="b-transport">
      <IconButton icon="play" label="Play" solid={!running} onPress={onPlay} />
      <IconButton icon="pause" label="Pause" solid={running} onPress={onPause} />
      <IconButton icon="step" label="Step" onPress={onStep} disabled={player.status.value === 'ended'} />
      <IconButton icon="restart" label="Restart" onPress={onRestart} />
    </div>
  );
}

/** The one button of the small form, with its words. */
export function CompactPlay({
  player,
  durationUs,
  onPlay,
}: {
  player: Player;
  durationUs: number;
  onPlay: () => void;
}) {
  const running = player.status.value === 'running';
  return (
    <button type="button" class="b-compact-play" onClick={onPlay}>
      <span>
        <Icon name={running ? 'pause' : 'play'} />
      </span>
      {running ? 'Pause' : `Play the ${formatUs(durationUs)} from 0 s`}
    </button>
  );
}

export function Seed({ player, onChange }: { player: Player; onChange: (seed: number) => void }) {
  const change = (text: string): void => {
    const seed = Number(text);
    if (!/^\d+$/.test(text.trim()) || seed > 0xffffffff) {
      player.notice.value = 'A seed is a whole number from 0 to 4294967295.';
      return;
    }
    player.notice.value = '';
    if (seed !== player.seed.value) onChange(seed);
  };
  const value = String(player.seed.value);
  return (
    <label class="b-seed">
      Seed
      <input
        inputMode="numeric"
        autocomplete="off"
        value={value}
        style={{ width: `${Math.max(2, value.length) + 0.5}ch` }}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

export function CopyLink({ link }: { link: () => string }) {
  const [label, setLabel] = useState('Copy link');
  const copy = async (): Promise<void> => {
    const fragment = link();
    history.replaceState(history.state, '', fragment);
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    setLabel(copied ? 'Link copied' : 'Link is in the address bar');
    setTimeout(() => setLabel('Copy link'), 2500);
  };
  return (
    <button type="button" class="b-figure-button" onClick={() => void copy()}>
      <Icon name="link" /> <span aria-live="polite">{label}</span>
    </button>
  );
}

/** A choice of two as a verb: it shows the other one. */
export function SwapButton({ knob, value, onTurn }: { knob: Knob; value: number; onTurn: (value: number) => void }) {
  if (!isChoice(knob)) return null;
  const other = (value + 1) % knob.choices.length;
  return (
    <button type="button" class="b-figure-button b-figure-button--strong" onClick={() => onTurn(other)}>
      {knob.label} {valueWords(knob, other)}
    </button>
  );
}

interface SpeedProps {
  readonly id: string;
  readonly player: Player;
  readonly speeds: readonly number[];
  readonly onChoose: (speed: number) => void;
}

export function Speed({ id, player, speeds, onChoose }: SpeedProps) {
  return (
    <Segments
      legend="Speed"
      name={`${id}-speed`}
      options={speeds.map((value) => ({ value, label: speedWords(value) }))}
      value={player.speed.value}
      onChoose={onChoose}
    />
  );
}

function speedWords(speed: number): string {
  const fractions: Record<string, string> = {
    '0.5': '½',
    '0.25': '¼',
    '0.125': '⅛',
    '0.1': '1/10',
    '0.05': '1/20',
    '0.01': '1/100',
  };
  return `${fractions[speed] ?? speed}×`;
}
