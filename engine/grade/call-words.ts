/** The calls of policies as a learner reads them: what was asked, and what was answered. One entry for each call that decides. */
import type {
  AgentOrders,
  Backend,
  Advertisement,
  Flow,
  Health,
  HealthSignal,
  Outcome,
  Request,
  Site,
  Wait,
} from '../core/policy.ts';
import type { PolicyKind } from './policy-kinds.ts';
import { count, list, time } from './words.ts';

export interface CallWords {
  /** What the policy was given. */
  readonly asked: string;
  readonly answered: string;
  /** 0 where the call is about no request. */
  readonly request: number;
}

/** Views are live, so this is to be asked at the moment of the call. */
export function wordsOf(kind: PolicyKind, name: string, args: readonly unknown[], answer: unknown): CallWords {
  const tell = WORDS[`${kind}.${name}`] ?? plain;
  const [asked, answered, request = 0] = tell(...args)(answer);
  return { asked, answered, request };
}

const AS_IT_WAS = 'as it was';
const AS_THEY_WERE = 'as they were';
const NO_COOKIE = 'sets no cookie';

/** What an answer comes to beside another policy's. Undefined: it changes nothing. Of a cookie only the name counts, for what stands in it is each policy's own affair. */
export function effectOf({ answered }: CallWords): string | undefined {
  if (answered === AS_IT_WAS || answered === AS_THEY_WERE || answered === NO_COOKIE) return undefined;
  return answered.replace(/^(sets [^=]+)=.*$/s, '$1');
}

type Told = readonly [asked: string, answered: string, request?: number];
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each entry takes the arguments and the answer of its own call
type Tell = (...args: any[]) => (answer: any) => Told;

const observe: Tell = (backend: Backend, signal: HealthSignal) => (answer: Health | undefined) => [
  signal.kind === 'probe'
    ? `${backend.id}: a probe ${signal.ok ? 'passed' : `failed (${signal.reason})`}`
    : `${backend.id} ${ended(signal.outcome)}`,
  answer ?? AS_IT_WAS,
];

const sweep: Tell = (backends: readonly Backend[]) => (answer: ReadonlyMap<Backend, Health> | undefined) => {
  const changes = [...(answer ?? [])].map(([backend, health]) => `${backend.id} ${health}`);
  return [`sweep over ${count(backends.length, 'backend')}`, changes.length > 0 ? changes.join(', ') : AS_THEY_WERE];
};

const sent: Tell = (backend: Backend) => (answer: Health | undefined) => [
  `a request was sent to ${backend.id}`,
  answer ?? AS_IT_WAS,
];

const suspects: Tell = (backend: Backend) => (answer: boolean) => [`is ${backend.id} suspect?`, yesNo(answer)];

const WORDS: Readonly<Record<string, Tell>> = {
  'picker.pick': (backends: readonly Backend[], request: Request) => (answer: Backend | undefined) => [
    `request ${request.id}, ${count(backends.length, 'backend')}`,
    answer?.id ?? 'declined',
    request.id,
  ],
  'health.observe': observe,
  'health.sweep': sweep,
  'health.onRequestStart': sent,
  'health.suspects': suspects,
  'outlier.observe': observe,
  'outlier.sweep': sweep,
  'outlier.onRequestStart': sent,
  'outlier.suspects': suspects,
  'agent.observe': (backend: Backend, reply: string | undefined) => (answer: AgentOrders | undefined) => [
    reply === undefined ? `${backend.id} could not be asked` : `${backend.id} says "${reply}"`,
    answer === undefined ? 'no orders' : pairs(answer),
  ],
  'retry.onFailure': (request: Request, attempt: number, outcome: Outcome) => (answer: number | undefined) => [
    `request ${request.id}, attempt ${attempt} ${ended(outcome)}`,
    answer === undefined ? 'gives up' : answer === 0 ? 'tries again at once' : `tries again after ${time(answer)}`,
    request.id,
  ],
  'retry.staysPut': (request: Request, attempt: number) => (answer: boolean) => [
    `request ${request.id}: same backend after attempt ${attempt}?`,
    yesNo(answer),
    request.id,
  ],
  'hedge.delayUs': (request: Request, attempt: number) => (answer: number | undefined) => [
    `request ${request.id}, attempt ${attempt} under way`,
    answer === undefined ? 'sends no more' : `waits ${time(answer)} before the next`,
    request.id,
  ],
  'admission.admit': (request: Request) => (answer: number | Wait | undefined) => [
    `request ${request.id} of ${request.client}, ${request.method} ${request.path}`,
    admission(answer),
    request.id,
  ],
  'breaker.state': (backend: Backend) => (answer: string) => [`the breaker of ${backend.id}?`, answer],
  'router.route': (request: Request) => (answer: string | object | undefined) => [
    `request ${request.id}, ${request.method} ${request.host}${request.path}`,
    answer === undefined ? 'no route' : typeof answer === 'string' ? answer : pairs(answer),
    request.id,
  ],
  'affinity.find': (backends: readonly Backend[], request: Request) => (answer: Backend | undefined) => [
    `request ${request.id}, ${cookies(request)}, ${count(backends.length, 'backend')}`,
    answer === undefined ? 'leaves it to the picker' : `belongs to ${answer.id}`,
    request.id,
  ],
  'affinity.remember': (backend: Backend, request: Request) => (answer: string | undefined) => [
    `request ${request.id} went to ${backend.id}, ${cookies(request)}`,
    answer === undefined ? NO_COOKIE : `sets ${short(answer)}`,
    request.id,
  ],
  'elector.next':
    (heard: Advertisement | undefined) => (answer: { role: string; advertise?: number; timerUs: number }) => [
      heard ? `heard priority ${heard.priority} from ${ipText(heard.address)}` : 'start, or the timer fired',
      `${answer.role}${answer.advertise === undefined ? '' : `, advertises ${answer.advertise}`}, timer ${time(answer.timerUs)}`,
    ],
  'flows.lookup': (flow: Flow, opening: boolean, backends: readonly Backend[]) => (answer: Backend | undefined) => [
    `${opening ? 'opens' : 'packet of'} ${ipText(flow.sourceAddress)}:${flow.sourcePort}, ${count(backends.length, 'backend')}`,
    answer?.id ?? 'drops it',
  ],
  'resolver.resolve':
    (sites: readonly Site[], distancesUs: readonly number[]) =>
    (answer: { sites: readonly string[]; ttlUs: number }) => [
      sites.map(({ id, healthy }, at) => `${id} ${time(distancesUs[at]!)}${healthy ? '' : ', down'}`).join('; '),
      `${list(answer.sites)} for ${time(answer.ttlUs)}`,
    ],
};

const plain: Tell = () => (answer: unknown) => ['', String(answer)];

function ended({ kind, status, latencyUs }: Outcome): string {
  if (kind === 'served') return `answered ${status} after ${time(latencyUs)}`;
  return `${kind === 'timeout' ? 'timed out' : `was ${kind}`} after ${time(latencyUs)}`;
}

function admission(answer: number | Wait | undefined): string {
  if (answer === undefined) return 'admitted';
  return typeof answer === 'number'
    ? `refused, retry after ${time(answer)}`
    : `admitted after a wait of ${time(answer.waitUs)}`;
}

function cookies({ headers }: Request): string {
  const sends = headers['cookie'];
  return sends === undefined || sends === '' ? 'no cookie' : `cookie ${short(sends)}`;
}

/** Cookies may be as long as a page. */
function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

const LONGEST = 60;

function yesNo(answer: boolean): string {
  return answer ? 'yes' : 'no';
}

function pairs(answer: object): string {
  return Object.entries(answer)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

/** Dotted, of an IPv4 address as a number. */
function ipText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
