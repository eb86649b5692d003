import { flowHash, policiesFor } from '../../../../engine/index.ts';
import type { Flow, FlowTable } from '../../../../engine/index.ts';
import { formatCount } from '../../chart/format.ts';
import type { WorkedStep } from '../worked-types.ts';
import { backendLike, context, world } from './engine.ts';

interface Props {
  readonly nodes: readonly string[];
  readonly backends: readonly string[];
  /** The engine's name of how each node finds the backend of a packet. */
  readonly table: string;
  /** In turn: `open 1` (the first packet of connection 1), `packet 1` (a later one), `dies lb2`. */
  readonly events: string;
  /** Of the router's hash. */
  readonly seed?: number;
}

/** A router spreads packets by the remainder of a hash, and each balancer finds a backend. Bars show how many connections' packets each balancer has. */
export function flows({ nodes, backends, table, events, seed = 1 }: Props): WorkedStep[] {
  const views = backends.map((id, index) => backendLike({ id, number: index + 1, address: `10.0.0.${index + 1}:80` }));
  const tables = flowTables(nodes, table);
  const nodeOf = new Map<number, string>();
  const backendOf = new Map<number, string>();
  let alive = [...nodes];

  return events.split(/,\s*/).map((event): WorkedStep => {
    const [what, who = ''] = event.trim().split(/\s+/);
    if (what === 'dies') {
      alive = alive.filter((node) => node !== who);
      return {
        phase: 'dies',
        note: `${who} dies. The router divides by ${alive.length} from now on, and all its ${alive.length + 1} remainders mean something else.`,
        bars: bars(who),
        result: `−${who}`,
      };
    }
    return packet(Number(who), what === 'open');
  });

  function packet(connection: number, opens: boolean): WorkedStep {
    const flow = flowOf(connection);
    const hash = flowHash(flow, seed);
    const remainder = hash % alive.length;
    const node = alive[remainder]!;
    const moved = !opens && nodeOf.get(connection) !== node;
    nodeOf.set(connection, node);
    const found = tables[nodes.indexOf(node)]!.lookup(flow, opens, views, context(0, nodes.indexOf(node) + 1))?.id;
    const own = backendOf.get(connection);
    const fits = opens || found === own;
    if (opens && found !== undefined) backendOf.set(connection, found);
    const led = `${formatCount(hash)} mod ${alive.length} is ${remainder}: ${node}`;
    const sends = found === undefined ? 'knows nothing of it' : `sends it to ${found}`;
    const arrives = fits
      ? opens
        ? ''
        : ', which has the connection'
      : `. The connection is at ${own ?? 'nobody'}: reset`;
    return {
      phase: opens ? 'open' : 'packet',
      note: `${opens ? 'Connection' : 'A packet of connection'} ${connection}. ${led}${moved ? ', which has never seen it' : ''}. It ${sends}${arrives}.`,
      bars: bars(node),
      result: fits ? found! : 'reset',
    };
  }

  function bars(chosen: string) {
    return nodes.map((name) => ({
      name,
      value: alive.includes(name) ? [...nodeOf.values()].filter((node) => node === name).length : 0,
      chosen: name === chosen,
      ...(!alive.includes(name) && { words: 'dead' }),
    }));
  }
}

/** Of one client, which opens each connection from a port of its own. */
function flowOf(connection: number): Flow {
  return {
    sourceAddress: 0xcb007107,
    sourcePort: 40_000 + connection,
    destinationAddress: 0xc6336401,
    destinationPort: 443,
    protocol: 6,
  };
}

function flowTables(nodes: readonly string[], table: string): readonly FlowTable[] {
  const { tier } = policiesFor(
    world({
      balancer: { layer: 4 },
      tier: { nodes: nodes.map((id) => ({ id })), reach: { kind: 'ecmp' }, flowTable: { name: table } },
      pools: [
        {
          picker: { name: 'random' },
          backends: [{ id: 's1', service: { default: { kind: 'constant', valueUs: 1 } } }],
        },
      ],
    }),
  );
  return nodes.map((node) => tier!.flowTables!.get(node)!());
}
