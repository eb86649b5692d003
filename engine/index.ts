/** What src/ and katas/ may see of the engine. */
export type * from './core/policy.ts';
export { EVENT_KIND, FAILURE } from './metrics/event-kind.ts';
export { BACKEND, BELIEVED, DOT, EVENT, LEG, POINT, TRUTH, type Frame } from './world/frame.ts';
export type { Action, Distribution, Scenario, ScenarioInput } from './world/scenario.ts';
export type * from './grade/verdict.ts';
