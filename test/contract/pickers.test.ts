import { blockWeightedRoundRobin } from '../../engine/pickers/block-weighted-round-robin.ts';
import { caddyRoundRobin } from '../../engine/pickers/caddy-round-robin.ts';
import { caddyWeightedRoundRobin } from '../../engine/pickers/caddy-weighted-round-robin.ts';
import { clientSideWeightedRoundRobin } from '../../engine/pickers/client-side-weighted-round-robin.ts';
import { earliestDeadlineFirst } from '../../engine/pickers/earliest-deadline-first.ts';
import { haproxyRoundRobin } from '../../engine/pickers/haproxy-round-robin.ts';
import { haproxyStaticRr } from '../../engine/pickers/haproxy-static-rr.ts';
import { boundedLoad } from '../../engine/pickers/bounded-load.ts';
import { deterministicAperture } from '../../engine/pickers/deterministic-aperture.ts';
import { jumpHash } from '../../engine/pickers/jump-hash.ts';
import { leastConnections } from '../../engine/pickers/least-connections.ts';
import { maglev } from '../../engine/pickers/maglev.ts';
import { nginxRoundRobin } from '../../engine/pickers/nginx-round-robin.ts';
import { powerOfTwoChoices } from '../../engine/pickers/power-of-two-choices.ts';
import { random } from '../../engine/pickers/random.ts';
import { rendezvous } from '../../engine/pickers/rendezvous.ts';
import { roundRobin } from '../../engine/pickers/round-robin.ts';
import { smoothWeightedRoundRobin } from '../../engine/pickers/smooth-weighted-round-robin.ts';
import { apacheByBusyness } from '../../engine/pickers/apache-by-busyness.ts';
import { caddyLeastConnections } from '../../engine/pickers/caddy-least-connections.ts';
import { caddyRandomChoose } from '../../engine/pickers/caddy-random-choose.ts';
import { envoyLeastRequest } from '../../engine/pickers/envoy-least-request.ts';
import { first } from '../../engine/pickers/first.ts';
import { grpcRingHash } from '../../engine/pickers/grpc-ring-hash.ts';
import { haproxyConsistentHash } from '../../engine/pickers/haproxy-consistent-hash.ts';
import { haproxyMapHash } from '../../engine/pickers/haproxy-map-hash.ts';
import { ketama } from '../../engine/pickers/ketama.ts';
import { nginxHash } from '../../engine/pickers/nginx-hash.ts';
import { nginxIpHash } from '../../engine/pickers/nginx-ip-hash.ts';
import { ringHash } from '../../engine/pickers/ring-hash.ts';
import { haproxyLeastConnections } from '../../engine/pickers/haproxy-least-connections.ts';
import { haproxyRandom } from '../../engine/pickers/haproxy-random.ts';
import { hashRing } from '../../engine/pickers/hash-ring.ts';
import { ipvsLeastConnections } from '../../engine/pickers/ipvs-least-connections.ts';
import { ipvsWeightedRoundRobin } from '../../engine/pickers/ipvs-weighted-round-robin.ts';
import { leastBandwidth } from '../../engine/pickers/least-bandwidth.ts';
import { leastLoad } from '../../engine/pickers/least-load.ts';
import { leastResponseTime } from '../../engine/pickers/least-response-time.ts';
import { nginxLeastConnections } from '../../engine/pickers/nginx-least-connections.ts';
import { nginxLeastTime } from '../../engine/pickers/nginx-least-time.ts';
import { nginxRandom } from '../../engine/pickers/nginx-random.ts';
import { nginxRandomTwo } from '../../engine/pickers/nginx-random-two.ts';
import { peakEwma } from '../../engine/pickers/peak-ewma.ts';
import { prequal } from '../../engine/pickers/prequal.ts';
import { traefikLeastTime } from '../../engine/pickers/traefik-least-time.ts';
import { traefikPowerOfTwoChoices } from '../../engine/pickers/traefik-power-of-two-choices.ts';
import { weightedLeastConnections } from '../../engine/pickers/weighted-least-connections.ts';
import { staticStride } from '../../engine/pickers/static-stride.ts';
import { traefikWeightedRoundRobin } from '../../engine/pickers/traefik-weighted-round-robin.ts';
import { subset } from '../../engine/pickers/subset.ts';
import { expect, test } from 'vitest';
import { pickerNames } from '../../engine/index.ts';
import { keepsThePickerContract, promised } from './picker-contract.ts';

keepsThePickerContract('random', { make: random, shares: 'equal', by: 'drawing' });
keepsThePickerContract('round robin', { make: roundRobin, shares: 'equal', by: 'turns' });
keepsThePickerContract('smooth weighted round robin', {
  make: smoothWeightedRoundRobin,
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('weighted round robin in blocks', {
  make: blockWeightedRoundRobin,
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('least connections', { make: leastConnections, shares: 'equal', by: 'drawing' });
keepsThePickerContract('power of two choices', { make: powerOfTwoChoices, shares: 'equal', by: 'drawing' });
keepsThePickerContract('jump hash', { make: jumpHash, shares: 'equal', by: 'drawing' });
// A table of 1,009 slots is off by at most one slot in 1,009 for each backend, 20 picks of 20,000: far below the scatter of the keys.
for (const form of ['envoy', 'katran-v2', 'cilium'] as const) {
  keepsThePickerContract(`Maglev in the form ${form}`, {
    of: 'maglev',
    make: () => maglev({ form, tableSize: 1009 }),
    shares: 'by weight',
    by: 'drawing',
  });
}
keepsThePickerContract('Maglev of the paper', {
  of: 'maglev',
  make: () => maglev({ form: 'paper', tableSize: 1009 }),
  shares: 'equal',
  by: 'drawing',
});
keepsThePickerContract('weighted least connections', {
  make: weightedLeastConnections,
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('least connections of nginx', { make: nginxLeastConnections, shares: 'by weight', by: 'turns' });
keepsThePickerContract('least connections of HAProxy', { make: haproxyLeastConnections, shares: 'equal', by: 'turns' });
// While nothing is in flight every pick is a tie, and the first of the list has them all.
keepsThePickerContract('least connections of IPVS', { make: ipvsLeastConnections, shares: 'its own', by: 'turns' });
keepsThePickerContract('weighted round robin of IPVS', {
  make: ipvsWeightedRoundRobin,
  shares: 'by weight',
  by: 'turns',
});
// A hundred points scatter by a tenth of the share; test/conformance/theory holds the ring to its distribution.
keepsThePickerContract('the ring of the papers', { make: hashRing, shares: 'its own', by: 'drawing' });
keepsThePickerContract('least connections of Caddy', { make: caddyLeastConnections, shares: 'equal', by: 'drawing' });
keepsThePickerContract('by busyness', { make: apacheByBusyness, shares: 'by weight', by: 'turns' });
keepsThePickerContract('least request of Envoy', { make: envoyLeastRequest, shares: 'by weight', by: 'turns' });
keepsThePickerContract('least request of Envoy over all', {
  of: 'envoy-least-request',
  make: () => envoyLeastRequest({ fullScan: true }),
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('two choices of Traefik', { make: traefikPowerOfTwoChoices, shares: 'equal', by: 'drawing' });
keepsThePickerContract('three choices', {
  of: 'power-of-two-choices',
  make: () => powerOfTwoChoices({ choices: 3 }),
  shares: 'equal',
  by: 'drawing',
});
keepsThePickerContract('two choices, repeated', {
  of: 'power-of-two-choices',
  make: () => powerOfTwoChoices({ sampling: 'repeated' }),
  shares: 'equal',
  by: 'drawing',
});
keepsThePickerContract('two choices by weight', {
  of: 'power-of-two-choices',
  make: () => powerOfTwoChoices({ weighted: true }),
  shares: 'by weight',
  by: 'drawing',
});
keepsThePickerContract('random of nginx', { make: nginxRandom, shares: 'by weight', by: 'drawing' });
keepsThePickerContract('least load', { make: leastLoad, shares: 'equal', by: 'turns' });
keepsThePickerContract('least load by a metric without an order of its own', {
  of: 'least-load',
  make: () => leastLoad({ metric: 'nginx-response-time' }),
  shares: 'its own',
  by: 'turns',
});
keepsThePickerContract('least response time', { make: leastResponseTime, shares: 'equal', by: 'turns' });
keepsThePickerContract('least time of nginx', { make: nginxLeastTime, shares: 'its own', by: 'turns' });
keepsThePickerContract('least time of Traefik', { make: traefikLeastTime, shares: 'its own', by: 'turns' });
keepsThePickerContract('peak EWMA', { make: peakEwma, shares: 'equal', by: 'drawing' });
keepsThePickerContract('Prequal without answers', { make: prequal, shares: 'equal', by: 'drawing' });
keepsThePickerContract('random two of nginx', { make: nginxRandomTwo, shares: 'its own', by: 'drawing' });
keepsThePickerContract('random choose of Caddy', { make: caddyRandomChoose, shares: 'its own', by: 'drawing' });
keepsThePickerContract('least bandwidth', { make: leastBandwidth, shares: 'its own', by: 'turns' });
keepsThePickerContract('first', { make: first, shares: 'its own', by: 'turns' });

for (const [name, make] of [
  ["nginx's round robin", nginxRoundRobin],
  ["HAProxy's round robin", haproxyRoundRobin],
  ["HAProxy's static-rr", haproxyStaticRr],
  ['earliest deadline first', earliestDeadlineFirst],
  ["Traefik's weighted round robin", traefikWeightedRoundRobin],
  ["Caddy's weighted round robin", caddyWeightedRoundRobin],
] as const) {
  keepsThePickerContract(name, { make, shares: 'by weight', by: 'turns' });
}
keepsThePickerContract("Caddy's round robin", { make: caddyRoundRobin, shares: 'equal', by: 'turns' });
// Dealt out over 65,535 rounds, so that 20,000 picks are not a whole number of cycles: off by a pick or two, far below the scatter of drawing.
for (const form of ['cpp', 'go'] as const) {
  keepsThePickerContract(`static stride in the form ${form}`, {
    of: 'static-stride',
    make: () => staticStride({ form }),
    shares: 'by weight',
    by: 'drawing',
  });
}
// Nobody reports a load here, and without weights it is round robin.
keepsThePickerContract('client-side weighted round robin', {
  make: clientSideWeightedRoundRobin,
  shares: 'equal',
  by: 'turns',
});
keepsThePickerContract('rendezvous', { make: rendezvous, shares: 'by weight', by: 'drawing' });
keepsThePickerContract('rendezvous in the form caddy', {
  of: 'rendezvous',
  make: () => rendezvous({ form: 'caddy' }),
  shares: 'equal',
  by: 'drawing',
});
keepsThePickerContract('bounded load over Maglev', {
  of: 'bounded-load',
  make: () => boundedLoad(maglev({ tableSize: 1009 })),
  shares: 'by weight',
  by: 'drawing',
});
keepsThePickerContract('deterministic aperture', { make: deterministicAperture, shares: 'by weight', by: 'drawing' });
keepsThePickerContract('a subset', {
  of: 'subset',
  make: () => subset(powerOfTwoChoices(), { size: 4 }),
  shares: 'equal',
  by: 'drawing',
});
// Source addresses that count up are what these take as their keys; how evenly each spreads them, its own test says.
for (const [name, make] of Object.entries({
  'nginx hash': nginxHash,
  'nginx ip_hash': nginxIpHash,
  ketama,
  'HAProxy map-based hash': haproxyMapHash,
  'HAProxy consistent hash': haproxyConsistentHash,
  'ring hash': ringHash,
  'gRPC ring hash': grpcRingHash,
})) {
  keepsThePickerContract(name, { make, shares: 'its own', by: 'drawing' });
}
keepsThePickerContract('HAProxy consistent hash, bounded', {
  of: 'haproxy-consistent-hash',
  make: () => haproxyConsistentHash({ balanceFactor: 125 }),
  shares: 'its own',
  by: 'drawing',
});
keepsThePickerContract('random of HAProxy', { make: haproxyRandom, shares: 'its own', by: 'drawing' });

test('every picker of the registry promises something here, and nobody else does', () => {
  expect([...promised].sort()).toEqual([...pickerNames].sort());
});
