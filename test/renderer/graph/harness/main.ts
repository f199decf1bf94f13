import '#renderer/design/base.css';
import { mount } from 'svelte';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import App from '#renderer/app/app.svelte';
import { feature } from '#renderer/features/graph/feature.ts';
import { graphCore } from '../../../support/graphs/core.ts';
import {
  everyKind,
  hub,
  multiplyAdd,
  restarts,
  singleCalculation,
} from '../../../support/graphs/examples.ts';
import { provenance } from '../../../support/graphs/random.ts';

/** The graph page in the real frame, over a graph that the address names: `?graph=restarts&theme=dark`. */
const query = new URLSearchParams(location.search);
const name = query.get('graph') ?? 'multiplyAdd';
const size = Number(query.get('size') ?? 0);

const examples: Readonly<Record<string, () => GraphPart | Promise<GraphPart>>> = {
  singleCalculation,
  multiplyAdd,
  restarts: () => restarts(size === 0 ? 8 : size),
  hub: () => hub(size === 0 ? 500 : size),
  everyKind,
  random: () => provenance({ workflows: 0, calls: 4, seed: 7, nodes: Math.max(20, size) }),
  archive,
};

/** Columns come as plain arrays: the harness's server reads the archive, which a browser cannot. */
async function archive(): Promise<GraphPart> {
  const plain = (await (await fetch('/graph-of-archive')).json()) as Record<string, unknown>;
  const arrays = { Uint8Array, Uint32Array, Int32Array, Float64Array } as const;
  const kinds: Readonly<Record<string, keyof typeof arrays>> = {
    pk: 'Uint32Array',
    kind: 'Uint8Array',
    state: 'Uint8Array',
    cached: 'Uint8Array',
    depth: 'Int32Array',
    ctime: 'Float64Array',
    hiddenIncoming: 'Uint32Array',
    hiddenOutgoing: 'Uint32Array',
    hiddenCallers: 'Uint32Array',
    hiddenCalls: 'Uint32Array',
    from: 'Uint32Array',
    to: 'Uint32Array',
    linkType: 'Uint8Array',
    linkInferred: 'Uint8Array',
  };
  const entries = Object.entries(plain).map(([key, value]) => {
    const kind = kinds[key];
    return [key, kind === undefined ? value : arrays[kind].from(value as number[])];
  });
  return Object.fromEntries(entries) as GraphPart;
}

const nobody = (): never => {
  throw new Error('The harness has no files.');
};

if (query.has('frames')) {
  const { measureFrames } = await import('./frames.ts');
  Object.assign(window, { measureFrames });
} else {
  await showPage();
}

async function showPage(): Promise<void> {
  const graph = await (examples[name] ?? multiplyAdd)();
  const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
  if (!location.hash.startsWith('#/graph')) location.hash = `#/graph/${graph.uuid[graph.root] ?? ''}`;
  const target = document.getElementById('app');
  if (target === null) throw new Error('index.html has no #app');
  mount(App, {
    target,
    props: {
      features: [feature],
      door: {
        open: () => Promise.resolve(graphCore(graph, theme)),
        shell: {
          kind: 'browser',
          chooseFiles: nobody,
          chooseSave: nobody,
          handleOf: nobody,
          deliver: nobody,
          openExternal: () => Promise.resolve(false),
          onOpenFile: () => () => {},
          onCommand: () => () => {},
        },
      },
    },
  });
}
