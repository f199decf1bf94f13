import type { NodeDetail } from '#shared/contract/areas/nodes.ts';
import { isRecord, readAttributes } from '#renderer/model/attributes.ts';
import type { NodeViewer } from '#renderer/viewers/registry.ts';
import { peoplesExtras } from './extra-text.ts';

export type NodeTab = 'value' | 'files' | 'links' | 'attributes' | 'extras' | 'comments';

export interface NodeTabEntry {
  readonly value: NodeTab;
  readonly label: string;
  readonly count?: number;
}

function keysOf(text: string): number | null {
  const read = readAttributes(text);
  return read.kind === 'attributes' && isRecord(read.attributes) ? Object.keys(read.attributes).length : null;
}

const counted = (count: number | null): { readonly count?: number } => (count === null ? {} : { count });

/** The tabs of a node: what it is, then where it comes from and goes to, then what people say of it. */
export function nodeTabs(node: NodeDetail, viewer: NodeViewer | null): readonly NodeTabEntry[] {
  const files = node.files.filter(({ kind }) => kind === 'file').length;
  const links = node.incoming.length + node.outgoing.length + node.moreIncoming + node.moreOutgoing;
  const isFolder = node.ref.nodeType.startsWith('data.core.folder.');
  return [
    ...(viewer === null ? [] : [{ value: 'value', label: viewer.title } as const]),
    ...((files > 0 && !(files === 1 && viewer?.coversFile === true)) || isFolder
      ? [{ value: 'files', label: 'Files', count: files } as const]
      : []),
    { value: 'links', label: 'Provenance', count: links },
    ...(viewer?.coversAttributes === true
      ? []
      : [{ value: 'attributes', label: 'Attributes', ...counted(keysOf(node.attributes)) } as const]),
    { value: 'extras', label: 'Extras', ...counted(keysOf(peoplesExtras(node.extras))) },
    { value: 'comments', label: 'Comments', count: node.comments.length },
  ];
}

/** What a person most likely came for: what the node holds. */
export function firstNodeTab(node: NodeDetail, tabs: readonly NodeTabEntry[]): NodeTab {
  const [first] = tabs;
  // Without viewer and files, the attributes of data say more than its links.
  if (first?.value === 'links' && node.ref.state === null) return 'attributes';
  return first?.value ?? 'links';
}
