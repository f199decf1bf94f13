import type { Component } from 'svelte';
import type { NodeViewerProps } from './node-viewer.ts';
import { presentType } from './present-type.ts';

/** How the nodes of one type, and of those that are derived from it, are shown. */
export interface NodeViewer {
  /** The beginning of the node types. */
  readonly prefix: string;
  /** What the tab with it is called. */
  readonly title: string;
  /** It shows everything that the attributes say, so that they need no tab of their own. */
  readonly coversAttributes?: boolean;
  /** It shows the one file that such a node has. */
  readonly coversFile?: boolean;
  readonly load: () => Promise<{ readonly default: Component<NodeViewerProps> }>;
}

const value = () => import('./value/value-view.svelte');
const file = () => import('./single-file/single-file-view.svelte');
const upf = () => import('./upf/upf-view.svelte');
const code = () => import('./code/code-facts.svelte');

/** Their order means nothing: the longest beginning that fits is taken. */
const viewers: readonly NodeViewer[] = [
  { prefix: 'data.core.int.', title: 'Value', load: value },
  { prefix: 'data.core.float.', title: 'Value', load: value },
  { prefix: 'data.core.bool.', title: 'Value', load: value },
  { prefix: 'data.core.str.', title: 'Value', load: value },
  { prefix: 'data.core.enum.', title: 'Value', load: value },
  {
    prefix: 'data.core.dict.',
    title: 'Value',
    coversAttributes: true,
    load: () => import('./value/dict-view.svelte'),
  },
  {
    prefix: 'data.core.jsonable.',
    title: 'Value',
    coversAttributes: true,
    load: () => import('./value/dict-view.svelte'),
  },
  { prefix: 'data.core.list.', title: 'Value', load: () => import('./value/list-view.svelte') },
  { prefix: 'data.core.singlefile.', title: 'File', coversFile: true, load: file },
  {
    prefix: 'data.core.cif.',
    title: 'Crystal',
    coversFile: true,
    load: () => import('./cif/cif-view.svelte'),
  },
  { prefix: 'data.core.upf.', title: 'Pseudopotential', coversFile: true, load: upf },
  { prefix: 'data.pseudo.upf.', title: 'Pseudopotential', coversFile: true, load: upf },
  { prefix: 'data.pseudo.', title: 'File', coversFile: true, load: file },
  { prefix: 'data.core.remote.', title: 'Remote folder', load: () => import('./remote/remote-view.svelte') },
  { prefix: 'data.core.code.', title: 'Code', load: code },
  { prefix: 'data.code.', title: 'Code', load: code },
  { prefix: 'data.core.array.', title: 'Arrays', load: () => import('./arrays/arrays-view.svelte') },
  { prefix: 'data.core.array.xy.', title: 'Plot', load: () => import('./xy/xy-view.svelte') },
  { prefix: 'data.core.array.bands.', title: 'Bands', load: () => import('./bands/bands-view.svelte') },
  {
    prefix: 'data.core.array.kpoints.',
    title: 'k-points',
    load: () => import('./kpoints/kpoints-view.svelte'),
  },
  {
    prefix: 'data.core.array.trajectory.',
    title: 'Trajectory',
    load: () => import('./trajectory/trajectory-view.svelte'),
  },
  {
    prefix: 'data.core.array.projection.',
    title: 'Projections',
    load: () => import('./projection/projection-view.svelte'),
  },
  {
    prefix: 'data.core.structure.',
    title: 'Structure',
    load: () => import('./structure/structure-view.svelte'),
  },
];

/** Null for types that nobody wrote a viewer for: their attributes and files say what they are. */
export function viewerOf(storedType: string): NodeViewer | null {
  const nodeType = presentType(storedType);
  let best: NodeViewer | null = null;
  for (const viewer of viewers) {
    if (!nodeType.startsWith(viewer.prefix)) continue;
    if (best === null || viewer.prefix.length > best.prefix.length) best = viewer;
  }
  return best;
}
