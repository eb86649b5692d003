/**
 * Target tracking: as many members as make each of them do `target` of the metric: desired = ceil(ready x metric / target). Within `tolerance` of the target
 * nothing changes. What was desired within the last `stabiliseUs` is not undercut, so a lull does not end what the next peak needs.
 *
 * Cost: O(desires remembered) a look, one number of memory for each.
 *
 * Fails when: demand grows faster than machines start: between the surge and the first new member there is at least a look, a start and a warm-up. And when
 * the metric has a ceiling: members at 100 % say the same at twice their capacity as at ten times, so each step multiplies by at most 1 / target.
 *
 * Source: Kubernetes, horizontal pod autoscaler (the formula, a tolerance of 0.1, 300 s of stabilisation).
 *
 * Real systems: AWS target tracking acts on alarms: three minutes above the target to add, fifteen below 90 % of it to take away. Kubernetes also bounds one step to
 * twice the members or four more.
 */
import type { Scaler } from '../core/scaler.ts';

export interface TargetTrackingOptions {
  readonly target?: number;
  readonly tolerance?: number;
  readonly stabiliseUs?: number;
}

export function targetTracking({
  target = 0.5,
  tolerance = 0.1,
  stabiliseUs = 300_000_000,
}: TargetTrackingOptions = {}): Scaler {
  let recent: { readonly atUs: number; readonly desired: number }[] = [];

  return {
    desired({ ready, coming, metric }, nowUs) {
      const ratio = metric / target;
      const isNear = Number.isNaN(ratio) || Math.abs(ratio - 1) <= tolerance;
      // A hair above a whole number is rounding, not need.
      const desired = isNear ? ready + coming : Math.ceil(ready * ratio - ROUNDING);
      recent = recent.filter(({ atUs }) => nowUs - atUs < stabiliseUs);
      recent.push({ atUs: nowUs, desired });
      return desired >= ready + coming ? desired : Math.max(...recent.map((past) => past.desired));
    },
  };
}

const ROUNDING = 1e-9;
