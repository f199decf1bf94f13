import { NodeType } from '#shared/provenance/node-types.ts';
import type { Draft, DraftNode } from './draft.ts';
import type { Element } from './elements.ts';
import { potentialText } from './texts.ts';

/** What several workflows of the study take as input. */
export interface Shared {
  readonly parameters: DraftNode;
  readonly scales: DraftNode;
  readonly potentials: Map<string, DraftNode>;
}

/** Seconds that a job takes; the same at every run. */
export const secondsOf = (draft: Draft, element: Element): number =>
  210 + element.mass * 3.1 + (draft.nodes.length % 11) * 7.3;

export const potentialOf = (draft: Draft, shared: Shared, element: Element): DraftNode => {
  const known = shared.potentials.get(element.symbol);
  if (known !== undefined) return known;
  const filename = `${element.symbol}.pot`;
  const node = draft.node(
    NodeType.singleFile,
    { filename },
    { label: filename, files: { [filename]: potentialText(element) } },
  );
  shared.potentials.set(element.symbol, node);
  return node;
};
