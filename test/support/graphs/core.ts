import { contract, type Contract } from '#shared/contract/contract.ts';
import type { AppStatus, Settings } from '#shared/contract/areas/app.ts';
import type { GraphPart, NodeDetail } from '#shared/contract/areas/nodes.ts';
import type { LinkEnd } from '#shared/contract/areas/processes.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import { userError } from '#shared/base/errors.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import { type Handlers, serve } from '#shared/channel/server.ts';
import { displayStates } from '#shared/process/states.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { nodeKinds } from '#shared/provenance/node-types.ts';
import { around } from './around.ts';

/** Everything that the graph page asks, answered from one graph in memory. A fake of the core, for that page alone. */
export function graphCore(graph: GraphPart, theme: 'light' | 'dark'): ChannelPort {
  const at = (uuid: string): number => {
    const node = graph.uuid.indexOf(uuid);
    if (node === -1)
      throw userError({ code: 'no-such-node', message: 'There is no such node.', subject: uuid });
    return node;
  };
  const settings: Settings = {
    theme,
    density: 'comfortable',
    singleKeys: true,
    hintsDismissed: [],
    patterns: {},
    caching: { enabled: false, enabledFor: [], disabledFor: [] },
  };
  const known: Partial<Handlers<Contract>> = {
    'app.info': () => info,
    'app.settings': () => settings,
    'app.setSettings': (change) => ({ ...settings, ...change }),
    // oxlint-disable-next-line require-yield -- a status that never changes after the first item
    'app.status': async function* (_input, { signal }) {
      yield status;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    'nodes.find': ({ limit }) => {
      const rows = [...graph.uuid.keys()].filter((node) => graph.state[node] !== 255).slice(-limit);
      return {
        rows: rows.map((node) => ({ ...refOf(graph, node), label: '', mtime: 0 })),
        next: null,
        total: rows.length,
        exact: true,
      };
    },
    'nodes.get': ({ uuid }) => detailOf(graph, at(uuid)),
    'graph.around': ({ uuid, up, down, limit }) => around(graph, graph.uuid[at(uuid)] ?? '', up, down, limit),
  };
  const handlers = new Proxy(known, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (() => {
        throw userError({ code: 'not-here', message: `The harness has no ${String(name)}.` });
      }),
  }) as Handlers<Contract>;
  const [client, server] = memoryPair();
  serve(contract, handlers, server);
  return client;
}

const info = {
  version: '0.0.0',
  shell: 'none' as const,
  platform: 'linux',
  versions: {},
  profile: { name: 'example', directory: '', nodes: 0, isNew: false },
  user: { email: '', firstName: '', lastName: '', institution: '' },
};

const status: AppStatus = {
  engine: 'running',
  engineMessage: '',
  processes: {
    created: 0,
    running: 0,
    waiting: 0,
    paused: 0,
    finished: 0,
    failed: 0,
    excepted: 0,
    killed: 0,
  },
  computers: [],
  tasks: [],
};

const refOf = (graph: GraphPart, node: number): NodeRef => ({
  uuid: graph.uuid[node] ?? '',
  pk: graph.pk[node] ?? 0,
  kind: nodeKinds[graph.kind[node] ?? 0] ?? 'unknown',
  nodeType: graph.nodeType[node] ?? '',
  name: graph.name[node] ?? '',
  summary: graph.summary[node] ?? '',
  state: displayStates[graph.state[node] ?? 255] ?? null,
  ctime: (graph.ctime[node] ?? 0) / 1000,
});

function detailOf(graph: GraphPart, node: number): NodeDetail {
  const ends = (side: 'from' | 'to'): LinkEnd[] =>
    [...graph.from.keys()]
      .filter((link) => (side === 'from' ? graph.to : graph.from)[link] === node)
      .map((link) => ({
        label: graph.linkLabel[link] ?? '',
        type: linkTypes[graph.linkType[link] ?? 0] ?? 'input_calc',
        node: refOf(graph, graph[side][link] ?? 0),
      }));
  return {
    ref: refOf(graph, node),
    label: '',
    description: '',
    processType: '',
    user: 'ada@example.org',
    computer: '',
    computerUuid: '',
    mtime: (graph.ctime[node] ?? 0) / 1000,
    attributes: '{}',
    extras: '{}',
    files: [],
    incoming: ends('from').slice(0, 500),
    outgoing: ends('to').slice(0, 500),
    moreIncoming: 0,
    moreOutgoing: 0,
    groups: [],
    comments: [],
  };
}
