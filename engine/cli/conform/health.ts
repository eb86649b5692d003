import type { VectorFamily } from './finding.ts';
import { agents, passive, timing } from './haproxy-checks.ts';
import { outlierVectors } from './outlier-vectors.ts';
import { checkVectors } from './check-vectors.ts';

export const health: VectorFamily = {
  vectors: {
    ...checkVectors,
    ...outlierVectors,
  },
  recordings: [
    { of: /^haproxy: active health check/, replay: timing },
    { of: /^haproxy: roundrobin \+ passive health/, replay: passive },
    { of: /^haproxy: roundrobin steered by agent-check/, replay: agents },
  ],
};
