import { fastLayout } from './fast.ts';
import { framedLayout } from './framed.ts';
import type { Layout, LayoutGraph } from './types.ts';

/** More nodes than this are laid out by the fast method, without frames. */
export const framedLimit = 1500;

/** Where everything goes. Deterministic: the same graph gives the same drawing, on every machine. */
export const layOut = (graph: LayoutGraph): Layout =>
  graph.width.length <= framedLimit ? framedLayout(graph) : fastLayout(graph);
