import type { ControlRequest, Scenario } from '../../../engine/index.ts';
import { COMMANDS } from '../../../src/components/terminal/commands/index.ts';
import { History } from '../../../src/components/terminal/history.ts';
import type { BackendRow, Deed, EventFilter, Lab } from '../../../src/components/terminal/lab.ts';
import { Shell, type Screen } from '../../../src/components/terminal/shell.ts';
import { plainText, type Block } from '../../../src/components/terminal/text.ts';
import { SIGNS } from '../../../src/components/lesson/states.ts';
import type { Row } from '../../../src/components/lesson/narrate.ts';

const HEALTHY = {
  pool: 'default',
  weight: 1,
  believed: SIGNS.healthy,
  inFlight: 2,
  queued: 0,
  served: 1200,
  failed: 0,
};
const DURATION_US = 20_000_000;

/** A lab that remembers what it was asked to do. Its clock stands until a test moves it. */
export class FakeLab implements Lab {
  readonly scenario = { name: 'equal-turns', title: 'Equal turns', shows: 'It.', durationUs: DURATION_US } as Scenario;
  readonly library = [
    { name: 'equal-turns', title: 'Equal turns, unequal servers' },
    { name: 'crash', title: 'A crash' },
  ];
  backendIds: readonly string[] = ['s1', 's2', 's10'];
  readonly counts = { arrived: 3600, served: 3512, failed: 88 };
  seed = 1;
  nowUs = 0;
  running = false;
  speed = 1;
  readonly asked: unknown[] = [];
  row: Row = { atUs: 11_200_000, sign: SIGNS.inFlight, text: 'request 3,372 goes to s2', inFlight: 6 };
  answer = { status: 200, headers: { etag: '"1"' }, body: '{"backends":[]}' };
  private release: () => void = () => undefined;
  private standing = Promise.resolve();

  get ended(): boolean {
    return this.nowUs >= DURATION_US;
  }

  backends(): Promise<readonly BackendRow[]> {
    return Promise.resolve([
      { ...HEALTHY, id: 's1', truth: SIGNS.healthy, p99Us: 89_000, n: 400 },
      { ...HEALTHY, id: 's2', truth: SIGNS.crashed, p99Us: Number.NaN, n: 0 },
    ]);
  }

  events(filter: EventFilter, limit: number): Promise<readonly Row[]> {
    this.asked.push(['events', filter, limit]);
    return Promise.resolve([this.row]);
  }

  follow(filter: EventFilter, listener: (events: readonly Row[], more: boolean) => void): () => void {
    this.asked.push(['follow', filter]);
    listener([this.row], true);
    return () => undefined;
  }

  /** Runs until a test calls `arrive`, or somebody pauses it. */
  run(untilUs: number): Promise<void> {
    this.asked.push(['run', untilUs]);
    this.running = true;
    this.standing = new Promise((resolve) => {
      this.release = resolve;
    });
    return this.standing;
  }

  arrive(atUs: number): Promise<void> {
    this.nowUs = atUs;
    return this.pause();
  }

  stopped(): Promise<void> {
    return this.standing;
  }

  pause(): Promise<void> {
    this.running = false;
    this.release();
    return this.standing;
  }

  step(): Promise<readonly Row[]> {
    return Promise.resolve(this.ended ? [] : [this.row]);
  }

  back(): Promise<void> {
    this.asked.push(['back']);
    return Promise.resolve();
  }

  seek(atUs: number): Promise<void> {
    this.nowUs = atUs;
    return Promise.resolve();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
  }

  apply(deed: Deed): Promise<string> {
    this.asked.push(deed);
    return Promise.resolve(`did ${deed.do}`);
  }

  control(request: ControlRequest): Promise<FakeLab['answer']> {
    this.asked.push(request);
    return Promise.resolve(this.answer);
  }

  load(world: { name?: string; seed?: number }): Promise<void> {
    this.asked.push(['load', world]);
    this.seed = world.seed ?? this.seed;
    return Promise.resolve();
  }
}

/** A screen that keeps text. */
export class FakeScreen implements Screen {
  text = '';
  readonly echoed: string[] = [];

  print(blocks: readonly Block[]): void {
    for (const block of blocks) this.text += `${plainText(block)}\n`;
  }

  echo(text: string): void {
    this.echoed.push(text);
  }

  clear(): void {
    this.text = '';
  }

  busy(): void {
    // Nothing to show.
  }
}

export function terminal(): { readonly lab: FakeLab; readonly screen: FakeScreen; readonly shell: Shell } {
  const lab = new FakeLab();
  const screen = new FakeScreen();
  const shell = new Shell(lab, COMMANDS, new History(undefined), screen);
  return { lab, screen, shell };
}
