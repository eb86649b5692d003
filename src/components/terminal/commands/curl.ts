import type { ControlRequest, ControlResponse } from '../../../../engine/index.ts';
import { UsageError, type Command, type CommandShell } from '../command.ts';
import { line, lines, quiet, strong, type Block } from '../text.ts';

/** Where the control plane listens; the host of the balancer itself is the same without the port. */
const CONTROL_PLANE = 'http://lb:9000';
const PATHS = ['/backends', '/routing-rules', '/target-groups', '/listeners', '/health', '/metrics', '/config'];

export const curl: Command = {
  name: 'curl',
  usage: 'curl [-i] [-X METHOD] [-d JSON] <url>',
  summary: "Ask or change the balancer's configuration through its control plane.",
  details: [
    `The control plane is ${CONTROL_PLANE}; a path alone is enough.`,
    'Backends: GET and POST /backends; GET, PATCH and DELETE[?force=true] /backends/{id}; POST /backends/{id}/drain.',
    'Routing: GET and POST /routing-rules, /target-groups, /listeners; DELETE /routing-rules/{id}, /listeners/{id};',
    'PUT /target-groups/{id}/health-check. All of it: GET and PUT /config. To look at: GET /health, GET /metrics.',
    '-d sends JSON and makes the method POST unless -X names another; -i shows the status and headers too.',
    "-H 'Name: value' sends a header, for example If-Match with the ETag of an earlier answer.",
  ],
  example: `curl -d '{"id":"s9","host":"10.0.1.9","port":8080}' /backends`,
  complete: (args, lab) => completions(args, lab.backendIds),
  async run(args, { lab, print }: CommandShell) {
    const { request, include } = requestOf(args);
    print(...show(await lab.control(request), include));
  },
};

interface Options {
  method?: string;
  data?: string;
  url?: string;
  include: boolean;
  headers: Record<string, string>;
}

/** Options that take a value, by each way of writing them. */
const TAKES_VALUE: Readonly<Record<string, 'method' | 'data' | 'header'>> = {
  '-X': 'method',
  '--request': 'method',
  '-d': 'data',
  '--data': 'data',
  '--json': 'data',
  '-H': 'header',
  '--header': 'header',
};

export function requestOf(args: readonly string[]): { readonly request: ControlRequest; readonly include: boolean } {
  const { method, data, url, include, headers } = readOptions(args);
  if (url === undefined) throw new UsageError('which URL? For example /backends');
  return {
    request: {
      method: method ?? (data === undefined ? 'GET' : 'POST'),
      path: pathOf(url),
      headers: { ...(data !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(data !== undefined && { body: data }),
    },
    include,
  };
}

function readOptions(args: readonly string[]): Options {
  const options: Options = { include: false, headers: {} };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '-i' || arg === '--include') {
      options.include = true;
    } else if (arg.startsWith('-')) {
      const [name, attached] = splitOption(arg);
      const value = attached ?? args[++at];
      if (value === undefined) throw new UsageError(`${name} needs a value`);
      setOption(options, TAKES_VALUE[name]!, value);
    } else if (options.url === undefined) {
      options.url = arg;
    } else {
      throw new UsageError(`"${arg}" is a second URL. Put JSON in single quotes: -d '{"id":"s9"}'`);
    }
  }
  return options;
}

/** "-XPOST" is -X POST, "--request=POST" is --request POST. */
function splitOption(arg: string): readonly [name: string, attached: string | undefined] {
  const name = arg.startsWith('--') ? arg.split('=', 1)[0]! : arg.slice(0, 2);
  if (!Object.hasOwn(TAKES_VALUE, name)) throw new UsageError(`no option ${name}`);
  const rest = arg.slice(name.length);
  return [name, rest === '' ? undefined : rest.replace(/^=/, '')];
}

function setOption(options: Options, what: 'method' | 'data' | 'header', value: string): void {
  if (what === 'method') options.method = value.toUpperCase();
  else if (what === 'data') options.data = value;
  else {
    const colon = value.indexOf(':');
    if (colon < 1) throw new UsageError(`"${value}" is not a header. Write 'Name: value'`);
    options.headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim();
  }
}

function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const [, host = '', port, path = ''] = /^(?:http:\/\/)?([^/:?#\s]+)(?::(\d+))?([/?][^#]*)?/.exec(url) ?? [];
  if (host === 'lb' && port === '9000') return path === '' ? '/' : path;
  if (host === 'lb') {
    throw new UsageError(
      `${url} is the balancer's own door. Requests there come from the scenario's clients; ` +
        `curl cannot send one. The control plane is ${CONTROL_PLANE}`,
    );
  }
  throw new UsageError(`cannot reach ${host === '' ? url : host}. The only host here is ${CONTROL_PLANE}`);
}

function show(response: ControlResponse, include: boolean): readonly Block[] {
  const head = include
    ? [
        line(strong(`HTTP/1.1 ${response.status} ${REASON[response.status] ?? ''}`)),
        ...Object.entries(response.headers).map(([name, value]) => line(quiet(`${name}: `), value)),
        line(''),
      ]
    : [];
  const isText = response.headers['content-type']?.startsWith('text/') === true;
  return [...head, ...lines(isText ? response.body.trimEnd() : JSON.stringify(JSON.parse(response.body), null, 2))];
}

const REASON: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
};

function completions(args: readonly string[], backends: readonly string[]): readonly string[] {
  const last = args.at(-1);
  if (last === '-X' || last === '--request') return ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];
  if (last !== undefined && Object.hasOwn(TAKES_VALUE, last)) return [];
  const paths = [...PATHS, ...backends.map((id) => `/backends/${id}`)];
  return ['-X', '-H', '-d', '-i', ...paths, ...paths.map((path) => CONTROL_PLANE + path)];
}
