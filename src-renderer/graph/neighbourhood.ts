import { isCall } from '#shared/graph/columns.ts';
import { stateWords } from '#shared/process/states.ts';
import { fromCache } from './face.ts';
import type { Scene } from './scene.ts';

/** A node near the one that is looked at, in words. */
export interface Neighbour {
  readonly at: number;
  readonly relation: 'input' | 'output' | 'caller' | 'called';
  /** The label of the link; empty for none. */
  readonly label: string;
  /** Whether the link is likely and not recorded. */
  readonly inferred: boolean;
  readonly words: string;
}

/** As many as are read out at once. */
export const neighboursRead = 200;

const kindWords = {
  data: 'data',
  code: 'code',
  calculation: 'calculation',
  workflow: 'workflow',
  unknown: 'node',
};

/** What a drawn node is, as one hears it: name, kind, state, content, and what is folded away at it. */
export function spoken(scene: Scene, at: number): string {
  const face = scene.faces[at];
  if (face === undefined) return '';
  const { view } = scene;
  const parts = [
    face.title,
    face.stack ? `stack of ${kindWords[face.kind]}s` : kindWords[face.kind],
    face.states.length > 0
      ? face.states.map(({ state, count }) => `${count} ${stateWords[state].toLowerCase()}`).join(', ')
      : face.state === null
        ? face.note
        : stateWords[face.state].toLowerCase(),
    face.cached === 0 ? '' : face.allCached ? fromCache : `${face.cached} ${fromCache}`,
    ...face.chips.map((chip) => (chip.kind === null ? chip.words : `uses ${chip.words}`)),
    hidden(view.stubIn[at] ?? 0, 'incoming'),
    hidden(view.stubOut[at] ?? 0, 'outgoing'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const hidden = (count: number, side: string): string =>
  count === 0 ? '' : `${count} more ${side} link${count === 1 ? '' : 's'}`;

/**
 * The nodes around one, inputs first: the off-screen reading of what the picture shows. What is joined by several lines
 * that say the same, as a closed workflow and what it makes and returns, is read once.
 */
export function neighbourhood(scene: Scene, at: number): Neighbour[] {
  const { view, labels } = scene;
  const out: Neighbour[] = [];
  const read = new Set<string>();
  for (let line = 0; line < view.from.length && out.length < neighboursRead; line++) {
    const [from, to] = [view.from[line] as number, view.to[line] as number];
    if (from !== at && to !== at) continue;
    const call = isCall(view.type[line] as number);
    const other = from === at ? to : from;
    const relation = from === at ? (call ? 'called' : 'output') : call ? 'caller' : 'input';
    const label = labels[line] ?? '';
    const key = `${relation} ${other} ${label}`;
    if (read.has(key)) continue;
    read.add(key);
    out.push({
      at: other,
      relation,
      label,
      inferred: view.inferred[line] === 1,
      words: spoken(scene, other),
    });
  }
  const rank = { input: 0, output: 1, caller: 2, called: 3 } as const;
  return out.sort((a, b) => rank[a.relation] - rank[b.relation] || a.at - b.at);
}
