/** What src/ and katas/ may see of the engine. Scenarios that people wrote come in through parse.ts. */
export type * from './core/policy.ts';
export { handle } from './balancer/control-plane.ts';
export type * from './balancer/control-plane.ts';
export { PolicyError } from './balancer/policy-error.ts';
export { meanUs } from './core/distributions.ts';
export { EVENT_KIND, FAILURE } from './metrics/event-kind.ts';
export { measure, type Query } from './metrics/measure.ts';
export { RequestLog, SERVED } from './metrics/request-log.ts';
export { Trace } from './metrics/trace.ts';
export { healthNames, pickerNames, policiesFor } from './registry.ts';
export { frameWriter } from './world/frame-writer.ts';
export { BACKEND, BELIEVED, DOT, EVENT, LEG, POINT, TRUTH, type Frame } from './world/frame.ts';
export { nearest, ScenarioError } from './world/scenario-error.ts';
export type { Action, Distribution, Scenario, ScenarioInput } from './world/scenario.ts';
export { Simulation, simulationAt, type BackendState, type SimulationOptions } from './world/simulation.ts';
export type * from './grade/verdict.ts';
