import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import type { Attributes } from '#renderer/model/attributes.ts';
import type { ReadFile } from './files/read-file.ts';

/** What every viewer of a node receives. */
export interface NodeViewerProps {
  readonly node: NodeDetail;
  readonly attributes: Attributes;
  readonly source: string;
  readonly read: ReadFile;
  readonly onerror: (thrown: unknown) => void;
  /** Another node of the same source, such as the one that an attribute names. */
  readonly other: (uuid: string) => Promise<NodeDetail>;
  /** The page of the node's computer; empty where it has none. */
  readonly computerHref: string;
}
