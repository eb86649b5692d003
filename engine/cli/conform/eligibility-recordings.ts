/** Recordings of who stands in for whom, replayed through the engine's own pool. */
import { Clock, PolicyContext } from '../../balancer/context.ts';
import { NO_BACKEND, Pool } from '../../balancer/pool.ts';
import { Roster } from '../../balancer/roster.ts';
import { BackendView, setInFlight } from '../../core/backend.ts';
import { Prng } from '../../core/prng.ts';
import { RequestView } from '../../core/request.ts';
import { haproxyRoundRobin } from '../../pickers/haproxy-round-robin.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, Recording, VectorFamily } from './finding.ts';

export const eligibilityRecordings: NonNullable<VectorFamily['recordings']> = [
  { of: /^haproxy: .*roundrobin.*backup/, replay: replayBackups },
];

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

/** Each phase says which servers are disabled or enabled by now; requests come one after another. */
function replayBackups({ backends, requests, picks, config }: Recording): Finding {
  const of = (purpose: string) => new PolicyContext(new Clock(), new Prng(1).fork(purpose));
  const context = of('picker');
  const contexts = { picker: context, health: context, outlier: context, agent: context, breaker: context, of };
  const roster = new Roster();
  const backups = /^\s*option allbackups/m.test(config) ? 'all' : 'first';
  const policies = { picker: haproxyRoundRobin(), makePicker: () => haproxyRoundRobin() };
  const pool = new Pool('be', 0, policies, contexts, roster, { backups });
  backends.forEach(({ name, weight, ...rest }, slot) => {
    const backup = (rest as { readonly backup?: boolean }).backup ?? false;
    pool.join(new BackendView(slot, name, 'a', weight), { backup });
  });

  const disabled = new Set<number>();
  const got: string[] = [];
  let phase = '';
  for (const [index, row] of requests.entries()) {
    if (row.phase !== phase) {
      phase = String(row.phase);
      const said = /^(all|[\w,]+) (up|enabled|disabled)$/.exec(phase);
      if (said === null) return notApplicable(`its phase "${phase}" does not say who is out`);
      const named = said[1] === 'all' ? backends.map(({ name }) => name) : said[1]!.split(',');
      for (const [slot, { name }] of backends.entries()) {
        if (!named.includes(name)) continue;
        if (said[2] === 'disabled') disabled.add(slot);
        else disabled.delete(slot);
      }
      for (const member of roster.members) pool.change(member, 'disabled', disabled.has(member.backend));
    }
    const request = new RequestView(index + 1, index + 1, TEMPLATE);
    const slot = pool.pick(request);
    got.push(slot === NO_BACKEND ? 'STATUS_503' : backends[slot]!.name);
    if (slot === NO_BACKEND) continue;
    const view = roster.views[slot]!;
    setInFlight(view, 1);
    pool.started(slot, view, request);
    setInFlight(view, 0);
    pool.ended(slot, view, request, 'served', 200, 1000, 0, true);
  }
  return same(picks, got);
}
