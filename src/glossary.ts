/** The words of the course. One word for one thing, and it is the field's. */
export interface Term {
  readonly term: string;
  /** What other systems and texts call it. */
  readonly also?: string;
  readonly meaning: string;
  /** The lesson that teaches it, 1 to 20. */
  readonly lesson: number;
}

/** Sorted by term, letter case aside; a test holds that. */
export const glossary: readonly Term[] = [
  {
    term: 'active health check',
    also: 'probe, monitor',
    meaning:
      'The balancer asks a backend at an interval whether it is well, with a request of its own. It finds a dead backend without spending a client’s request on it.',
    lesson: 9,
  },
  {
    term: 'active-passive',
    also: 'master and backup, hot standby',
    meaning:
      'One balancer serves and the other waits to take over. Active-active: both serve, and each must be able to carry the other’s share.',
    lesson: 14,
  },
  {
    term: 'admission',
    also: 'rate limiting, load shedding',
    meaning: 'Deciding whether a request may enter at all, before anyone decides where it goes.',
    lesson: 17,
  },
  {
    term: 'advertisement',
    also: 'VRRP advertisement',
    meaning:
      'What a VRRP master sends to the group at an interval: “I am here, with this priority.” The others act when they stop hearing it.',
    lesson: 14,
  },
  {
    term: 'affinity',
    also: 'sticky session, session persistence',
    meaning: 'Requests of one client or session go to the backend that served it before, as long as that one can.',
    lesson: 13,
  },
  {
    term: 'anycast',
    meaning:
      'Many sites announce the same address, and routing takes each packet to a near one. Near is topology, not miles and not load.',
    lesson: 16,
  },
  {
    term: 'backend',
    also: 'server of an nginx upstream, HAProxy server, Envoy host, target',
    meaning: 'One machine or process that answers requests behind the balancer.',
    lesson: 1,
  },
  {
    term: 'balancer',
    also: 'load balancer, reverse proxy',
    meaning: 'Takes requests or connections at one address and chooses a backend for each.',
    lesson: 1,
  },
  {
    term: 'belief',
    meaning:
      'What the balancer holds to be true of a backend: healthy or not, how much is in flight. It is always a little old, and figures show it beside the truth.',
    lesson: 9,
  },
  {
    term: 'bounded load',
    meaning:
      'Consistent hashing with a ceiling: a backend already some factor above the mean passes the key on to the next. Affinity bends before anybody drowns.',
    lesson: 8,
  },
  {
    term: 'canary',
    meaning: 'A new version that gets a small weight first, so that its mistakes are small too.',
    lesson: 4,
  },
  {
    term: 'circuit breaker',
    meaning:
      'A switch in front of a backend that opens after failures, refuses at once while open, and lets a trial request through before it closes.',
    lesson: 12,
  },
  {
    term: 'connection pool',
    also: 'keep-alive to upstreams',
    meaning:
      'Open connections to a backend kept for reuse, because opening one costs more than sending a request over it.',
    lesson: 17,
  },
  {
    term: 'connection table',
    also: 'flow table, conntrack',
    meaning:
      'The memory of which backend an established connection belongs to, so that its next packet goes there too.',
    lesson: 15,
  },
  {
    term: 'consistent hashing',
    meaning:
      'Mapping keys to backends so that adding or removing one of N moves about 1/N of the keys. hash(key) % N is not it: that moves nearly all.',
    lesson: 8,
  },
  {
    term: 'control plane',
    meaning:
      'The part that is told what should be: backends added, weights changed, rules checked. Traffic goes on without it.',
    lesson: 17,
  },
  {
    term: 'cookie',
    meaning:
      'A short text that a server sets with an answer and the browser sends back with every later request. The client holds it, so the client can change it.',
    lesson: 13,
  },
  {
    term: 'coordinated omission',
    meaning:
      'A load generator that waits for slow answers before asking again, and so leaves out just the moments worth measuring.',
    lesson: 18,
  },
  {
    term: 'data plane',
    meaning: 'The part that carries requests. It works from the last configuration it was given.',
    lesson: 17,
  },
  {
    term: 'detection window',
    meaning:
      'The time from a failure to the moment the balancer acts on it. Not interval × threshold: it varies with where in the interval the failure fell, and a hang adds the timeout of a check.',
    lesson: 9,
  },
  {
    term: 'direct server return',
    also: 'DSR',
    meaning:
      'Answers go from backend to client without passing the balancer, which then carries only the smaller direction.',
    lesson: 15,
  },
  {
    term: 'drain',
    also: 'deregistration delay, lame duck',
    meaning:
      'No new requests, the ones in flight finish, what is left at the timeout is cut. The polite way out of a pool.',
    lesson: 11,
  },
  {
    term: 'ECMP',
    also: 'equal-cost multipath',
    meaning:
      'A router has several equally good ways to an address and chooses one for each flow by a hash of addresses and ports. When the ways change, flows move.',
    lesson: 15,
  },
  {
    term: 'ejection',
    meaning: 'Taking a backend out of the eligible pool for a time because of what its answers look like.',
    lesson: 10,
  },
  {
    term: 'eligible',
    meaning: 'May be picked now: in the pool of the route, believed healthy, not draining. A picker sees only these.',
    lesson: 4,
  },
  {
    term: 'EWMA',
    also: 'exponentially weighted moving average',
    meaning:
      'A mean in which old samples fade. Peak EWMA jumps up at once with a slow answer and comes down slowly; it must fade with time, not with the count of samples.',
    lesson: 7,
  },
  {
    term: 'fail over',
    meaning:
      'Another one takes the place of one that is gone. What counts is how long that takes and what is lost meanwhile.',
    lesson: 14,
  },
  {
    term: 'fall and rise',
    also: 'unhealthy and healthy threshold',
    meaning:
      'How many probes in a row must fail before a backend is taken out, and how many must pass before it comes back.',
    lesson: 9,
  },
  {
    term: 'flapping',
    meaning:
      'A backend going in and out of the pool again and again. Different thresholds for going and coming damp it.',
    lesson: 9,
  },
  {
    term: 'flow',
    also: 'connection, 5-tuple',
    meaning: 'All packets that share five numbers: source address and port, destination address and port, protocol.',
    lesson: 15,
  },
  {
    term: 'GeoDNS',
    meaning:
      'A name that resolves differently by place. The place is the resolver’s, and the answer lives for its TTL and sometimes longer.',
    lesson: 16,
  },
  {
    term: 'gratuitous ARP',
    meaning:
      'A machine tells its network, unasked, that an address is at its hardware now. From then on the neighbours’ packets go there.',
    lesson: 14,
  },
  {
    term: 'gray failure',
    meaning: 'Well enough for the checks, too ill for the users.',
    lesson: 10,
  },
  {
    term: 'gRPC',
    meaning: 'Calls between programs over HTTP/2: a client opens a connection, keeps it, and sends many calls on it.',
    lesson: 3,
  },
  {
    term: 'hash ring',
    meaning:
      'Backends own points on the output space of a hash, 2³² or 2⁶⁴ values; a key belongs to the point that follows it (in HAProxy, to the nearest). Each backend needs many points, or shares come out uneven.',
    lesson: 8,
  },
  {
    term: 'health check',
    meaning:
      'How the balancer comes to believe that a backend works. How deep it looks decides what it can miss: an open port is not an answer.',
    lesson: 9,
  },
  {
    term: 'hedging',
    meaning: 'Sending the same request to a second backend when the first is late, and taking whichever answers first.',
    lesson: 12,
  },
  {
    term: 'herding',
    also: 'thundering herd',
    meaning: 'Everybody who reads the same old news rushes to the same backend, which is idle no more.',
    lesson: 6,
  },
  {
    term: 'hot key',
    also: 'whale',
    meaning: 'One key with a large part of the traffic. No hash spreads it, because equal keys have equal hashes.',
    lesson: 8,
  },
  {
    term: 'hysteresis',
    meaning:
      'It takes more to change a state than to keep it, so that a value near the border does not flip it with every wobble.',
    lesson: 9,
  },
  {
    term: 'idempotent',
    meaning: 'Doing it twice is the same as doing it once. Only such requests can be retried blindly.',
    lesson: 12,
  },
  {
    term: 'in-flight',
    also: 'active requests, outstanding',
    meaning: 'Sent to a backend and not yet answered: both what is being served and what waits in its queue.',
    lesson: 5,
  },
  {
    term: 'jitter',
    meaning: 'A random share added to an interval, so that what began together does not stay together.',
    lesson: 9,
  },
  {
    term: 'keep-alive',
    also: 'persistent connection',
    meaning: 'Leaving a connection open after an answer, for the next request.',
    lesson: 3,
  },
  {
    term: 'kernel bypass',
    also: 'DPDK, XDP',
    meaning:
      'Handling packets before the operating system’s network stack does, because that is where most of the time of a small packet goes.',
    lesson: 15,
  },
  {
    term: 'key',
    meaning: 'What a hash is taken of: an address, a session, a path. What shares a key goes to the same backend.',
    lesson: 8,
  },
  {
    term: 'latency',
    also: 'response time',
    meaning: 'The time from request to answer as the client sees it, waiting included.',
    lesson: 4,
  },
  {
    term: 'layer 4',
    also: 'L4, transport layer',
    meaning:
      'Balancing connections by addresses and ports. It cannot see a path, and a connection stays where it was put.',
    lesson: 3,
  },
  {
    term: 'layer 7',
    also: 'L7, application layer',
    meaning:
      'Balancing requests: the balancer reads each one, so it can route by path, host or header, retry, and spread one connection over many backends.',
    lesson: 3,
  },
  {
    term: 'least connections',
    meaning: 'Pick the backend with the fewest in flight. A slow one drains by itself; a fast-failing one fills up.',
    lesson: 5,
  },
  {
    term: 'listener',
    also: 'HAProxy frontend, virtual server',
    meaning: 'The address, port and protocol on which the balancer accepts traffic.',
    lesson: 17,
  },
  {
    term: 'liveness and readiness',
    meaning:
      'Liveness asks whether to restart a process; readiness, whether to send it requests. Mixing them up restarts what only needed a pause.',
    lesson: 9,
  },
  {
    term: 'Maglev',
    meaning:
      'A lookup table of slots that the backends fill in turns, each in an order of its own. Every balancer computes the same table, and a change of the backends moves few slots.',
    lesson: 8,
  },
  {
    term: 'metastable failure',
    meaning: 'An overload that keeps itself going after its cause is gone, usually by retries.',
    lesson: 12,
  },
  {
    term: 'NAT',
    also: 'network address translation',
    meaning:
      'Rewriting addresses on the way. A balancer forwards so; and an office or a mobile network puts thousands of people behind one address with it. To a hash of the source they are one client.',
    lesson: 13,
  },
  {
    term: 'open loop',
    meaning:
      'Traffic that arrives at its own rate, however slow the answers are. Users come that way; most load generators do not.',
    lesson: 18,
  },
  {
    term: 'outlier detection',
    also: 'passive health check',
    meaning:
      'Judging a backend by real answers: errors in a row, success rate or latency against the rest of the pool.',
    lesson: 10,
  },
  {
    term: 'panic threshold',
    meaning:
      'When fewer than this share of backends are healthy, send to all of them: believing the checks would crush the rest.',
    lesson: 10,
  },
  {
    term: 'percentile',
    also: 'p50, p95, p99, quantile',
    meaning:
      'The latency that this share of requests stayed within: p99 is kept by 99 of 100. It says little without its sample size and window, and percentiles cannot be averaged.',
    lesson: 18,
  },
  {
    term: 'picker',
    also: 'balancing algorithm, load balancing policy',
    meaning: 'The policy that names a backend out of the eligible ones, once per attempt.',
    lesson: 4,
  },
  {
    term: 'pool',
    also: 'nginx upstream, HAProxy backend, Envoy cluster, target group',
    meaning: 'The backends that can stand in for each other.',
    lesson: 1,
  },
  {
    term: 'power of two choices',
    also: 'P2C',
    meaning:
      'Draw two backends at random, take the one with less in flight. Most of the gain of looking at all, for two looks.',
    lesson: 6,
  },
  {
    term: 'preemption',
    meaning:
      'A VRRP router with a higher priority takes the address from the one that has it, also when that one is well.',
    lesson: 14,
  },
  {
    term: 'probe',
    meaning: 'One question of an active health check, and its answer or the lack of it.',
    lesson: 9,
  },
  {
    term: 'PROXY protocol',
    meaning:
      'A line in front of a connection that tells the backend whose it was before the balancer stood in between.',
    lesson: 3,
  },
  {
    term: 'queue',
    meaning:
      'Where requests wait for a worker. Bounded, it answers “no” quickly; unbounded, it answers “yes” too late.',
    lesson: 12,
  },
  {
    term: 'rate limit',
    meaning:
      'At most so many in a time, with a rule for bursts. Fairness among clients; by itself no protection from overload.',
    lesson: 17,
  },
  {
    term: 'rendezvous hashing',
    also: 'highest random weight',
    meaning:
      'Hash the key with each backend and take the highest. Minimal movement, at a cost of one hash per backend.',
    lesson: 8,
  },
  {
    term: 'resilient hashing',
    also: 'resilient ECMP',
    meaning:
      'A router keeps a fixed table of buckets, and when a next hop is lost gives away that one’s buckets only. Other flows stay.',
    lesson: 15,
  },
  {
    term: 'retry budget',
    meaning: 'Retries may be at most a share of the ordinary requests, so that they cannot multiply a failure.',
    lesson: 12,
  },
  {
    term: 'round robin',
    meaning: 'Backends take turns. Equal counts, which is equal load only when backends and requests are equal too.',
    lesson: 4,
  },
  {
    term: 'route',
    also: 'rule, location, ACL',
    meaning: 'What decides from a request’s path, host or headers which pool it goes to.',
    lesson: 3,
  },
  {
    term: 'seed',
    meaning:
      'The number from which a run draws all its chance. The same scenario with the same seed is the same run, to the byte.',
    lesson: 4,
  },
  {
    term: 'service time',
    meaning:
      'How long a worker is busy with a request, waiting not included. A handy unit: results in service times hold for fast and slow servers alike.',
    lesson: 4,
  },
  {
    term: 'session',
    meaning: 'What servers know about a user between two requests. Whoever keeps it decides whose crash loses it.',
    lesson: 13,
  },
  {
    term: 'skew',
    meaning:
      'The last bit of patience of a VRRP backup: the higher its priority, the shorter, so that the best one acts first.',
    lesson: 14,
  },
  {
    term: 'slow start',
    meaning: 'A new or returning backend gets a share that grows over a time, while its caches fill.',
    lesson: 11,
  },
  {
    term: 'smooth weighted round robin',
    meaning: 'Turns in proportion to weight, spread out: 5:1:1 gives a a b a c a a and not five in a row.',
    lesson: 4,
  },
  {
    term: 'SNI',
    also: 'server name indication',
    meaning:
      'The server’s name in the first message of TLS. It is readable before encryption begins, unless Encrypted Client Hello hides it.',
    lesson: 3,
  },
  {
    term: 'split brain',
    meaning: 'Two that cannot hear each other, and both believe they are the master.',
    lesson: 14,
  },
  {
    term: 'stateless',
    meaning: 'Keeping nothing between two requests, so that any server of the kind can take any of them.',
    lesson: 13,
  },
  {
    term: 'SYN flood',
    meaning: 'Opening connections that nobody will use, in order to fill the memory that each one takes.',
    lesson: 15,
  },
  {
    term: 'tier',
    meaning: 'All balancers that share the work of one layer.',
    lesson: 15,
  },
  {
    term: 'TLS termination',
    meaning:
      'The balancer ends the encryption, which is what lets it read requests at all; towards the backend it may begin anew.',
    lesson: 3,
  },
  {
    term: 'token bucket',
    meaning: 'Tokens drip in at the rate and pile up to the burst; a request takes one or is refused.',
    lesson: 17,
  },
  {
    term: 'track script',
    also: 'track_script',
    meaning:
      'A probe of the balancer by the VRRP daemon beside it. Without one the daemon says “all is well” for a dead balancer.',
    lesson: 14,
  },
  {
    term: 'TTL',
    also: 'time to live',
    meaning: 'How long a DNS answer may be kept. An upper bound only for resolvers that obey it.',
    lesson: 16,
  },
  {
    term: 'utilisation',
    also: 'load, ρ',
    meaning: 'The busy share of capacity. Waiting grows slowly up to about 0.7 and without bound towards 1.',
    lesson: 18,
  },
  {
    term: 'virtual IP',
    also: 'VIP, floating address',
    meaning: 'An address that belongs to a role instead of a machine and moves to whoever takes the role over.',
    lesson: 14,
  },
  {
    term: 'virtual node',
    also: 'point on the ring',
    meaning: 'One of the many points that a backend has on a hash ring.',
    lesson: 8,
  },
  {
    term: 'VRRP',
    meaning:
      'How balancers agree which of them holds a virtual IP: the master advertises, and after about three missed advertisements another takes over.',
    lesson: 14,
  },
  {
    term: 'WebSocket',
    meaning: 'A connection that begins as an HTTP request and then carries messages both ways, often for hours.',
    lesson: 3,
  },
  {
    term: 'weight',
    meaning: 'A backend’s share relative to the others’. It should follow what the backend can do.',
    lesson: 4,
  },
  {
    term: 'worker',
    meaning:
      'What serves one request at a time in a backend: a thread, a process, a slot. When all are busy, requests wait.',
    lesson: 4,
  },
];

/** The anchor of a term on the glossary page: `power of two choices` -> `power-of-two-choices`. */
export function termAnchor(term: string): string {
  return term.toLowerCase().replaceAll(' ', '-');
}
