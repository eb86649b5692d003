/**
 * The trusted worker behind every live figure: it owns one simulation and answers questions about it.
 *
 * It pulls nothing along by itself. There is no clock in here: the page asks `advance` from its animation frame, so at most one frame
 * crosses per animation frame and a hidden tab costs nothing. Frames are typed arrays that are transferred, never copied.
 */
import * as Comlink from 'comlink';
import {
  accessLogOf,
  type Action,
  type Alert,
  alertsOf,
  type BackendState,
  type Belief,
  beliefsOf,
  type ControlRequest,
  type ControlResponse,
  type Found,
  type Frame,
  type Policies,
  type Query,
  type Readings,
  type Scenario,
  type Search,
  type Simulation,
  type Tape,
  control,
  eventColumns,
  frameWriter,
  measure,
  Milestones,
  pickerNames,
  policiesFor,
  policiesFromTape,
  readingsOf,
  searchOf,
  simulationAt,
} from '../index.ts';

/** What a run consists of. The same set-up gives the same run, to the byte. */
export interface Setup {
  /** Parsed: defaults filled in. Parsing happens when the site is built, so that the worker carries no schema. */
  readonly scenario: Scenario;
  /** Default: the scenario's. */
  readonly seed?: number | undefined;
  /** All actions of the run; default: the scenario's. */
  readonly timeline?: readonly Action[] | undefined;
  /** Decisions that were recorded: they take the place of the scenario's policies. */
  readonly tape?: Tape | undefined;
}

/** A frame of a screen is 16 ms. */
const SLICE_MS = 4;

/** What the page may ask. Each answer that moves the time is a frame with what happened since the last one. */
export class SimulationSession {
  private setup: Setup | undefined;
  private simulation: Simulation | undefined;
  private frames: { next(): Frame } | undefined;
  private milestones: Milestones | undefined;
  private isPreparing = false;

  /** Begins the run, at 0. */
  open(setup: Setup): void {
    this.setup = setup;
    this.keepTo(setup.timeline ?? setup.scenario.timeline);
    this.show(this.milestones!.at(0));
  }

  advance(untilUs: number): Frame {
    this.run.runUntil(untilUs);
    this.prepareSoon();
    return this.frame();
  }

  /** Runs to just after the next event, of one of `kinds` if given. */
  step(kinds?: readonly number[]): Frame {
    const { trace } = this.run;
    let seen = trace.length;
    while (this.run.step()) {
      for (; seen < trace.length; seen++) if (kinds?.includes(trace.kind[seen]!) ?? true) return this.frame();
    }
    return this.frame();
  }

  /** Goes back to just after the event of these kinds before the last one. Its frame begins at 0. */
  back(kinds: readonly number[]): Frame {
    const { trace } = this.run;
    const times: number[] = [];
    for (let row = trace.length - 1; row >= 0 && times.length < 2; row--) {
      if (kinds.includes(trace.kind[row]!) && trace.atUs[row] !== times.at(-1)) times.push(trace.atUs[row]!);
    }
    const [last = 0, before = 0] = times;
    return this.seek(last < this.run.nowUs ? last : before);
  }

  /** Goes to a time, backwards or forwards. Its frame begins at 0. */
  seek(atUs: number): Frame {
    this.show(this.milestones!.at(atUs, this.run));
    this.prepareSoon();
    return this.frame();
  }

  apply(action: Action): Frame {
    this.run.apply(action);
    this.keepTo(this.run.timeline);
    return this.frame();
  }

  measure(query: Query): number {
    return measure(this.run.log, query);
  }

  backends(): BackendState[] {
    return this.run.backends();
  }

  /** Asks the control plane. The actions carry the answer out; they are for the page to apply, which keeps the timeline. */
  control(request: ControlRequest): { readonly response: ControlResponse; readonly actions: readonly Action[] } {
    return control(this.run, request, pickerNames);
  }

  /** EVENT columns of the trace from one time to another, both included. */
  events(fromUs: number, toUs: number): Float64Array {
    const { trace } = this.run;
    const rows: number[] = [];
    for (let row = trace.firstAt(fromUs); row < trace.length && trace.atUs[row]! <= toUs; row++) rows.push(row);
    const events = eventColumns(trace, rows);
    return Comlink.transfer(events, [events.buffer]);
  }

  /** Rates, errors, percentiles and use over fromUs <= t < toUs, of each backend and of all. */
  readings(fromUs: number, toUs: number): Readings {
    return readingsOf(this.run, fromUs, toUs);
  }

  accessLog(): string[] {
    return accessLogOf(this.run);
  }

  alerts(): Alert[] {
    return alertsOf(this.run);
  }

  /** Events that match. */
  search(search: Search): Found[] {
    return searchOf(this.run, search);
  }

  /** What was believed of each backend beside what was true. */
  beliefs(): Belief[] {
    return beliefsOf(this.run);
  }

  digest(): string {
    return this.run.digest();
  }

  /** The scenario's actions and those applied, in the order of time. */
  timeline(): Action[] {
    return [...this.run.timeline];
  }

  private get run(): Simulation {
    if (this.simulation === undefined) throw new Error('No run is open.');
    return this.simulation;
  }

  /** From here on a replay is one of this timeline. */
  private keepTo(timeline: readonly Action[]): void {
    const { scenario, seed = scenario.seed } = this.setup!;
    const actions = [...timeline];
    this.milestones = new Milestones((trace) =>
      simulationAt(scenario, () => policiesOf(this.setup!), seed, actions, 0, { trace }),
    );
  }

  private show(simulation: Simulation): void {
    this.simulation = simulation;
    this.frames = frameWriter(simulation);
  }

  /** Works ahead while the page asks nothing, in slices too short to be noticed. */
  private prepareSoon(): void {
    if (this.isPreparing) return;
    this.isPreparing = true;
    setTimeout(() => {
      this.isPreparing = false;
      const stopMs = performance.now() + SLICE_MS;
      while (this.milestones!.prepare(this.run)) {
        if (performance.now() < stopMs) continue;
        this.prepareSoon();
        return;
      }
    });
  }

  private frame(): Frame {
    const frame = this.frames!.next();
    const { backends, workers, nodes, fronts, dots, window, series, events } = frame;
    const arrays = [backends, workers, nodes, fronts, dots, window, series, events];
    return Comlink.transfer(
      frame,
      arrays.map(({ buffer }) => buffer),
    );
  }
}

/** A tape may end before the run: then the learner's code broke that off, and its last decision is shown as none. */
function policiesOf({ scenario, tape }: Setup): Policies {
  const own = policiesFor(scenario);
  return tape === undefined ? own : policiesFromTape(tape, own, { short: 'decline' }).policies;
}

Comlink.expose(new SimulationSession());
