import { z } from 'zod';

/** How the control plane may change routing while a run goes on: the action `configure` carries all of it. (control-plane/state.ts) */

const id = z.string().min(1);
const ids = z.array(id).readonly();

function list<Entry extends z.ZodType>(entry: Entry) {
  return z.array(entry).readonly();
}

const healthCheck = z.strictObject({
  path: z.string().startsWith('/'),
  intervalUs: z.int().positive(),
  timeoutUs: z.int().positive(),
  healthyThreshold: z.int().positive(),
  unhealthyThreshold: z.int().positive(),
});

export const routingSchema = z.strictObject({
  targetGroups: list(z.strictObject({ id, algorithm: id, backends: ids, healthCheck: healthCheck.optional() })),
  rules: list(
    z.strictObject({
      ruleId: id,
      pathPrefix: z.string().startsWith('/'),
      host: id.optional(),
      headers: z.record(z.string(), z.string()).optional(),
      algorithm: id,
      backends: ids,
      sessionSticky: z.boolean(),
      priority: z.int().positive().optional(),
    }),
  ),
  listeners: list(
    z.strictObject({
      listenerId: id,
      protocol: z.enum(['TCP', 'UDP', 'HTTP', 'HTTPS']),
      port: z.int().min(1).max(65_535),
      defaultTargetGroup: id,
    }),
  ),
});
