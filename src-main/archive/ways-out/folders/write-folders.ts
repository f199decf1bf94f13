import { filesOf } from '#shared/provenance/repository-tree.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { Leaving, LeavingLink, LeavingNode } from '../leaving.ts';
import { NameBook } from '../safe-name.ts';
import { titleOf } from '../title.ts';
import { TreeNames } from '../tree-names.ts';
import type { TreeSink } from '../tree-sink.ts';
import { folderReadme, stepName, type Topped } from './folder-readme.ts';
import { nodeMetadata } from './metadata.ts';

export interface FoldersRequest {
  readonly leaving: Leaving;
  readonly selection: ExportSelection;
  readonly sink: TreeSink;
  readonly now: Date;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes processes as folders in the manner of `verdi process dump` (AiiDA 2.9): those that were selected, or where none
 * was, those that no other called; each with its steps inside.
 */
export async function writeFolders(request: FoldersRequest): Promise<void> {
  const { leaving, sink, now } = request;
  const nodes = topsOf(request);
  const [only] = nodes;
  // a process is the root itself; data has a folder, because it may be a single file
  const isAlone = nodes.length === 1 && (only?.kind === 'workflow' || only?.kind === 'calculation');
  const books = new Map<string, NameBook>();
  const tops: Topped[] = nodes.map((node) => {
    if (isAlone) return { node, folder: '.' };
    const kind =
      node.kind === 'workflow' ? 'workflows' : node.kind === 'calculation' ? 'calculations' : 'data';
    const book = books.get(kind) ?? new NameBook();
    books.set(kind, book);
    return { node, folder: `${kind}/${book.take(`${node.name}-${node.id}`)}` };
  });
  const writer = new FolderWriter(request);
  for (const { node, folder } of tops) {
    if (node.kind === 'workflow' || node.kind === 'calculation')
      await writer.process(node, folder === '.' ? '' : `${folder}/`);
    else await writer.data(node, folder);
  }
  const title = titleOf(leaving);
  const listed = tops.filter(({ node }) => node.kind === 'workflow' || node.kind === 'calculation');
  await sink.text('README.md', folderReadme(leaving, isAlone ? only.name : title, listed, now));
}

function topsOf({ leaving, selection: { what } }: FoldersRequest): readonly LeavingNode[] {
  const selected = (): readonly LeavingNode[] => {
    switch (what.kind) {
      case 'all':
        return [];
      case 'group':
        return leaving.groups[0]?.members ?? [];
      case 'nodes': {
        const uuids = new Set<string>(what.uuids);
        return [...leaving.nodes.values()].filter(({ uuid }) => uuids.has(uuid));
      }
    }
  };
  const chosen = selected();
  const inside = new Set(chosen);
  const isBelow = (node: LeavingNode): boolean => {
    for (let caller = leaving.caller(node); caller !== null; caller = leaving.caller(caller)) {
      if (inside.has(caller)) return true;
    }
    return false;
  };
  const tops = chosen.filter((node) => !isBelow(node));
  const hasProcess = tops.some(({ kind }) => kind === 'workflow' || kind === 'calculation');
  const roots = leaving.processes().filter((node) => leaving.caller(node) === null);
  return hasProcess ? tops : [...roots, ...tops.filter(({ kind }) => kind !== 'code')];
}

/** What else stands in the folder of a process that is no job. */
const ownNames = [
  'README.md',
  'log.txt',
  'aiida_node_metadata.yaml',
  'node_inputs',
  'node_outputs',
  'outputs',
];

class FolderWriter {
  readonly #request: FoldersRequest;
  #done = 0;

  constructor(request: FoldersRequest) {
    this.#request = request;
  }

  /** @param at path with a slash at its end, or empty */
  async process(node: LeavingNode, at: string): Promise<void> {
    const { leaving, sink, progress, signal } = this.#request;
    const total = leaving.processes().length;
    progress({ done: ++this.#done, total, unit: 'nodes', words: 'Writing folders' });
    signal.throwIfAborted();
    await sink.text(`${at}aiida_node_metadata.yaml`, nodeMetadata(leaving, node));
    const logs = leaving.logs(node);
    if (logs.length > 0) {
      const lines = logs.map(
        (log) => `${new Date(log.time / 1000).toISOString()} ${log.level} ${log.message}\n`,
      );
      await sink.text(`${at}log.txt`, lines.join(''));
    }
    const isJob = node.nodeType.includes('.calcjob.');
    await this.#files(node, isJob ? `${at}inputs/` : `${at}`, isJob ? [] : ownNames);
    const retrieved = leaving.outputs(node).find(({ label }) => label === 'retrieved');
    if (retrieved !== undefined) {
      sink.folder(`${at}outputs`);
      await this.#files(retrieved.target, `${at}outputs/`, []);
    }
    await this.#linked(leaving.inputs(node), 'source', `${at}node_inputs`);
    const made = leaving.outputs(node).filter(({ label }) => label !== 'retrieved');
    await this.#linked(made, 'target', `${at}node_outputs`);
    const book = new NameBook();
    for (const [i, { label, target }] of leaving.called(node).entries()) {
      await this.process(target, `${at}${book.take(stepName(i + 1, label, target))}/`);
    }
  }

  /** Its files, and beside them what it holds as JSON. */
  async data(node: LeavingNode, at: string): Promise<void> {
    const { leaving, sink } = this.#request;
    const files = [...filesOf(leaving.tree(node))];
    const text = leaving.attributesText(node);
    if (files.length === 0) {
      await sink.text(`${at}.json`, `${text}\n`);
      return;
    }
    await this.#files(node, `${at}/`, ['attributes.json']);
    if (text !== '{}') await sink.text(`${at}/attributes.json`, `${text}\n`);
  }

  async #linked(links: readonly LeavingLink[], end: 'source' | 'target', at: string): Promise<void> {
    const book = new NameBook();
    for (const link of links) {
      const node = link[end];
      await this.data(node, `${at}/${book.take(link.label)}`);
    }
  }

  /** @param taken names that something else has in that folder */
  async #files(node: LeavingNode, at: string, taken: readonly string[]): Promise<void> {
    const { leaving, sink } = this.#request;
    const names = new TreeNames(taken);
    for (const [path, hash] of filesOf(leaving.tree(node)))
      await sink.object(`${at}${names.place(path)}`, hash);
  }
}
