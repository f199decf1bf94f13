import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { newUuid, parseUuid, type Uuid } from '#shared/provenance/ids.ts';
import { profileSource, type Readers } from '../provenance/readers.ts';
import type { ProvenanceStore, WriteTransaction } from '../provenance/types.ts';
import { lookWhenChanged } from './changed.ts';

export interface GroupHandlerDeps {
  readonly readers: Readers;
  readonly store: ProvenanceStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Members at once: a hundred thousand in one transaction would hold up the engine. */
const membersAtOnce = 500;

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

type GroupHandlers = Pick<Handlers<Contract>, Extract<keyof Contract, `groups.${string}`>>;

/** Groups and their members. Large changes are many transactions: one that is cancelled has changed a part. */
export function makeGroupHandlers({ readers, store, now }: GroupHandlerDeps): GroupHandlers {
  /** Every part is stored when it is done: asking again for all of them changes only what is left. */
  const inParts = async (
    nodes: readonly string[],
    signal: AbortSignal,
    change: (tx: WriteTransaction, part: readonly Uuid[]) => number,
  ): Promise<{ changed: number }> => {
    const uuids = nodes.map((uuid) => parseUuid(uuid));
    let changed = 0;
    for (let at = 0; at < uuids.length; at += membersAtOnce) {
      const part = uuids.slice(at, at + membersAtOnce);
      changed += await store.writeWhenFree((tx) => change(tx, part), signal);
      await breathe();
    }
    return { changed };
  };

  return {
    async *'groups.list'({ source }, { signal }) {
      const { reader } = readers.source(source);
      const changes = source === profileSource ? store.changes : null;
      let last = '';
      for await (const rows of lookWhenChanged(
        () => reader.groups(null, signal),
        changes,
        (one) => one.everything || one.groups || one.settings,
        signal,
      )) {
        const text = JSON.stringify(rows);
        if (text !== last) yield [...rows];
        last = text;
      }
    },
    async 'groups.create'({ label, description }, { signal }) {
      const uuid = newUuid();
      await store.writeWhenFree(
        (tx) => tx.insertGroup({ uuid, label, typeString: 'core', description, time: now() * 1000 }),
        signal,
      );
      return { uuid };
    },
    async 'groups.update'({ uuid, label, description }, { signal }) {
      await store.writeWhenFree((tx) => tx.updateGroup(parseUuid(uuid), { label, description }), signal);
      return {};
    },
    async 'groups.remove'({ uuid }, { signal }) {
      await store.writeWhenFree((tx) => tx.removeGroup(parseUuid(uuid)), signal);
      return {};
    },
    'groups.addNodes': ({ uuid, nodes }, { signal }) =>
      inParts(nodes, signal, (tx, part) => tx.addToGroup(parseUuid(uuid), part)),
    'groups.removeNodes': ({ uuid, nodes }, { signal }) =>
      inParts(nodes, signal, (tx, part) => tx.removeFromGroup(parseUuid(uuid), part)),
  };
}
