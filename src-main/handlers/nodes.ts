import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { FileEntry } from '#shared/contract/areas/nodes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { newUuid, parseObjectHash, parseUuid, type NodeId, type ObjectHash } from '#shared/provenance/ids.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { objectPurged } from '../repository/errors.ts';
import type { Readers, SourceObjects } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';

export interface NodeHandlerDeps {
  readonly readers: Readers;
  readonly store: ProvenanceStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What all handlers throw for a UUID that is not in the profile or archive that was asked. */
export const noNode = (uuid: string): Error =>
  userError({ code: 'node-missing', message: 'There is no node with this UUID here.', subject: uuid });

type NodeHandlers = Pick<Handlers<Contract>, Extract<keyof Contract, `nodes.${string}`>>;

/**
 * Nodes and what people may change of them: label, description, extras, comments. An extra that is set to null goes.
 */
export function makeNodeHandlers({ readers, store, now }: NodeHandlerDeps): NodeHandlers {
  /** Microseconds, as all times in the store. */
  const moment = (): number => now() * 1000;

  const idOf = (uuid: string): NodeId => {
    const id = store.nodeId(parseUuid(uuid));
    if (id === null) throw noNode(uuid);
    return id;
  };

  return {
    async 'nodes.find'({ source, ...query }, { signal }) {
      const page = await readers.source(source).reader.findNodes(query, signal);
      return { ...page, rows: [...page.rows] };
    },
    async 'nodes.types'({ source }, { signal }) {
      return [...(await readers.source(source).reader.nodeTypes(null, signal))];
    },
    async 'nodes.get'({ source, uuid }, { signal }) {
      const { reader, objects } = readers.source(source);
      const detail = await reader.node({ uuid }, signal);
      if (detail === null) throw noNode(uuid);
      return { ...detail, files: await withSizes(detail.files, objects) };
    },
    async 'nodes.resolve'({ source, text }, { signal }) {
      return [...(await readers.source(source).reader.resolveNodes({ text }, signal))];
    },
    async 'nodes.readFile'({ source, uuid, path, offset, length }, { signal }) {
      const { reader, objects } = readers.source(source);
      const hash = await reader.fileHash({ uuid, path }, signal);
      if (hash === null) {
        throw userError({ code: 'file-missing', message: `The node has no file “${path}”.`, subject: uuid });
      }
      const object = parseObjectHash(hash);
      const [size] = await objects.sizes([object]);
      if (size === null || size === undefined) {
        const [purged] = (await objects.purged?.([object])) ?? [];
        if (purged !== null && purged !== undefined) throw objectPurged(object, purged, `“${path}”`);
        throw userError({
          code: 'object-missing',
          message: `The content of “${path}” is not in the repository.`,
          subject: hash,
          hint: 'Check the profile: it lists what is missing.',
        });
      }
      return { size, bytes: await objects.read(object, offset, length) };
    },

    async 'nodes.setLabel'({ uuid, label }, { signal }) {
      const id = idOf(uuid);
      await store.writeWhenFree((tx) => tx.setLabel(id, label, moment()), signal);
      return {};
    },
    async 'nodes.setDescription'({ uuid, description }, { signal }) {
      const id = idOf(uuid);
      await store.writeWhenFree((tx) => tx.setDescription(id, description, moment()), signal);
      return {};
    },
    async 'nodes.setExtra'({ uuid, key, value }, { signal }) {
      const id = idOf(uuid);
      // a key may be `__proto__`
      const patch = Object.fromEntries([[key, value === null ? undefined : (value as PyJson)]]);
      await store.writeWhenFree((tx) => tx.patchExtras(id, patch, moment()), signal);
      return {};
    },
    async 'nodes.addComment'({ uuid, content }, { signal }) {
      const node = idOf(uuid);
      const comment = newUuid();
      await store.writeWhenFree(
        (tx) => tx.insertComment({ uuid: comment, node, time: moment(), content }),
        signal,
      );
      return { uuid: comment };
    },
    async 'nodes.removeComment'({ uuid }, { signal }) {
      await store.writeWhenFree((tx) => tx.removeComment(parseUuid(uuid)), signal);
      return {};
    },
  };
}

/** The repository knows how long files are; null stays where the object is not there. */
async function withSizes(files: readonly FileEntry[], objects: SourceObjects): Promise<FileEntry[]> {
  const hashes = [
    ...new Set(files.flatMap((file) => (file.kind === 'file' ? [file.hash as ObjectHash] : []))),
  ];
  const found = await objects.sizes(hashes);
  const sizes = new Map(hashes.map((hash, i) => [hash as string, found[i] ?? null]));
  const absent = hashes.filter((hash) => sizes.get(hash) === null);
  const answers = absent.length === 0 ? [] : ((await objects.purged?.(absent)) ?? []);
  const purged = new Map(absent.map((hash, i) => [hash as string, answers[i] ?? null]));
  return files.map((file) => {
    const gone = purged.get(file.hash) ?? null;
    if (gone === null) return { ...file, size: sizes.get(file.hash) ?? null };
    return { ...file, size: gone.size, purged: { time: gone.time, restorable: gone.kept } };
  });
}
