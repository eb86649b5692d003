/** Recordings of the hash methods of nginx and HAProxy, replayed through our pickers. */
import { BackendView, setInFlight } from '../../core/backend.ts';
import type { Picker, Request } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { haproxyConsistentHash } from '../../pickers/haproxy-consistent-hash.ts';
import type { HaproxyHashOptions } from '../../pickers/haproxy-key.ts';
import { haproxyMapHash } from '../../pickers/haproxy-map-hash.ts';
import { ketama } from '../../pickers/ketama.ts';
import { nginxHash } from '../../pickers/nginx-hash.ts';
import { nginxIpHash } from '../../pickers/nginx-ip-hash.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, Recording } from './finding.ts';

/** A request that a picker may be asked about, with what a row says of it. */
export function requestWith(fields: Partial<Request>): Request {
  return {
    id: 1,
    client: 'recorded',
    connection: 1,
    class: 'default',
    method: 'GET',
    host: 'example.test',
    path: '/',
    headers: {},
    sourceAddress: '198.51.100.1',
    sourcePort: 1024,
    port: 80,
    bytes: 0,
    attempt: 1,
    tried: [],
    ...fields,
  };
}

export function replayNginxHash(recording: Recording): Finding {
  const hash = /^\s*hash\s+\$(\S+?)(\s+consistent)?;/mu.exec(recording.config);
  if (hash === null) return replay(recording, nginxIpHash(), 'source');
  const key = nginxKey(hash[1]!);
  if (key === undefined) return notApplicable(`no request here has nginx's variable $${hash[1]}`);
  return replay(recording, hash[2] === undefined ? nginxHash({ key }) : ketama({ key }), key);
}

export function replayHaproxyHash(recording: Recording): Finding {
  const balance = /^\s*balance\s+(.+?)\s*$/mu.exec(recording.config)?.[1] ?? '';
  const key = haproxyKey(balance);
  if (key === undefined) return notApplicable(`no request here has what "balance ${balance}" hashes`);
  const [type = 'map-based', name, avalanche] =
    /^\s*hash-type\s+(.+?)\s*$/mu.exec(recording.config)?.[1]?.split(/\s+/u) ?? [];
  const factor = /^\s*hash-balance-factor\s+(\d+)/mu.exec(recording.config)?.[1];
  const options = {
    key,
    ...(name !== undefined && { function: name as NonNullable<HaproxyHashOptions['function']> }),
    ...(avalanche !== undefined && { avalanche: true }),
  };
  const bound = factor !== undefined && factor !== '0' ? { balanceFactor: Number(factor) } : {};
  const picker = type === 'consistent' ? haproxyConsistentHash({ ...options, ...bound }) : haproxyMapHash(options);
  return replay(recording, picker, key);
}

function nginxKey(variable: string): string | undefined {
  const named = /^(arg|http|cookie)_(\w+)$/u.exec(variable);
  if (named) {
    const kind = { arg: 'query', http: 'header', cookie: 'cookie' }[named[1]!]!;
    return `${kind}:${kind === 'header' ? named[2]!.replaceAll('_', '-') : named[2]!}`;
  }
  return { remote_addr: 'source', request_uri: 'uri', uri: 'path', host: 'host' }[variable];
}

function haproxyKey(balance: string): string | undefined {
  const named = /^(?:hdr\((\S+)\)|url_param\s+(\S+))$/u.exec(balance);
  if (named) return named[1] === undefined ? `query:${named[2]!}` : `header:${named[1]}`;
  return balance === 'source' || balance === 'uri' ? balance : undefined;
}

/** What a recorded request says, put where the key is read from. */
function recorded(fields: Readonly<Record<string, unknown>>, key: string): Request {
  const text = (fields.key ?? fields.uri ?? fields.client) as string | null;
  const [kind, name = ''] = key.split(':') as [string, string?];
  if (text === null) return requestWith({});
  if (kind === 'header') return requestWith({ headers: { [name.toLowerCase()]: text } });
  if (kind === 'query') return requestWith({ path: `/?${name}=${text}` });
  if (kind === 'cookie') return requestWith({ headers: { cookie: `${name}=${text}` } });
  return kind === 'source' ? requestWith({ sourceAddress: text }) : requestWith({ path: text });
}

function replay({ backends, requests, picks }: Recording, picker: Picker, key: string): Finding {
  const members = backends.map((backend, slot) => {
    const { name, weight, address, id, down, disabled } = backend as (typeof backends)[number] & {
      readonly id?: number;
      readonly down?: boolean;
      readonly disabled?: boolean;
    };
    const view = new BackendView(slot, name, 'a', weight, { address, ...(id !== undefined && { number: id }) });
    return { view, out: down === true || disabled === true };
  });
  const ctx = { nowUs: 0, rng: new Prng(1) };
  const eligible = members.filter(({ out }) => !out).map(({ view }) => view);
  picker.onMembersChange?.(
    members.map(({ view }) => view),
    ctx,
  );
  picker.onPoolChange?.(eligible, ctx);

  /** Under way: the request number before whose start each ends. */
  const open: { readonly endsBefore: number; readonly view: BackendView; readonly request: Request }[] = [];
  const got = requests.map((fields, i) => {
    for (const ended of open.filter(({ endsBefore }) => endsBefore === i + 1)) {
      open.splice(open.indexOf(ended), 1);
      setInFlight(ended.view, ended.view.inFlight - 1);
      picker.onRequestEnd?.(ended.view, ended.request, { kind: 'served', status: 200, latencyUs: 0, bytes: 0 }, ctx);
    }
    const request = recorded(fields, key);
    const chosen = picker.pick(eligible, request, ctx);
    const view = eligible.find((one) => one === chosen);
    if (view !== undefined && typeof fields.ends_before_start_of === 'number') {
      setInFlight(view, view.inFlight + 1);
      picker.onRequestStart?.(view, request, ctx);
      open.push({ endsBefore: fields.ends_before_start_of, view, request });
    }
    return view?.id ?? 'none';
  });
  return same(picks, got);
}
