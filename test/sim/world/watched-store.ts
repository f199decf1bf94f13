import type { EngineStore, EngineTransaction } from '#main/engine/ports.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { operationalError } from '#shared/base/errors.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import type { NodeId, Uuid } from '#shared/provenance/ids.ts';
import type { Chronicle } from './chronicle.ts';
import type { Life } from './life.ts';

/** A node that says that it is a copy. */
export interface Copy {
  readonly uuid: Uuid;
  readonly from: string;
}

/** What the store of the world hears of each transaction that was committed. */
export interface Committed {
  readonly sealed: readonly NodeId[];
  readonly states: readonly string[];
  /** Nodes that are copies of others, from the cache. */
  readonly copies: readonly Copy[];
}

export interface StoreWeather {
  /** Why the next transaction fails, if it does. */
  refuse(): 'disk-full' | 'database-busy' | null;
  /** Whether the commit itself fails, after everything has been written: the disk is full. */
  refuseCommit(): boolean;
}

/**
 * The real store as one life of the core sees it: it may refuse, the core may be killed before, inside and after a
 * commit, and every write is in the chronicle.
 */
export function watchedStore(
  real: ProvenanceStore,
  life: Life,
  chronicle: Chronicle,
  weather: StoreWeather,
  onCommit: (committed: Committed) => void,
): ProvenanceStore {
  let sealed: NodeId[] = [];
  let states: string[] = [];
  let copies: Copy[] = [];
  let lines: (readonly [string, string])[] = [];
  let watched: EngineTransaction | null = null;

  const watch = (tx: EngineTransaction): EngineTransaction => ({
    ...tx,
    insertNode(node) {
      const id = tx.insertNode(node);
      const from = node.extras?.[cacheExtras.cachedFrom];
      if (typeof from === 'string') copies.push({ uuid: node.uuid, from });
      lines.push(['node', `${id} ${node.uuid} ${node.nodeType}`]);
      return id;
    },
    insertLink(link) {
      tx.insertLink(link);
      lines.push(['link', `${link.source} ${link.type} ${link.target} ${link.label}`]);
    },
    patchAttributes(process, patch, mtime) {
      tx.patchAttributes(process, patch, mtime);
      lines.push(['attributes', `${process} ${JSON.stringify(patch)}`]);
    },
    seal(process) {
      tx.seal(process);
      sealed.push(process);
      lines.push(['sealed', String(process)]);
    },
    log(entry) {
      tx.log(entry);
      lines.push(['log', `${entry.process} ${entry.level} ${entry.message}`]);
    },
    putRun(run) {
      tx.putRun(run);
      states.push(run.state);
      lines.push(['state', `${run.process} ${run.state}`]);
    },
    removeRun(process) {
      tx.removeRun(process);
      lines.push(['forgotten', String(process)]);
    },
    putEffect(effect) {
      tx.putEffect(effect);
      lines.push(['promised', `${effect.key} not before ${effect.notBefore}`]);
    },
    removeEffect(key) {
      tx.removeEffect(key);
      lines.push(['done', key]);
    },
    appendJournal(entry) {
      tx.appendJournal(entry);
      lines.push(['journal', `${entry.process} ${entry.event}`]);
    },
    putInbox(process, event) {
      const key = tx.putInbox(process, event);
      lines.push(['inbox', `${key} ${process} ${event}`]);
      return key;
    },
    removeInbox(key) {
      tx.removeInbox(key);
      lines.push(['heard', String(key)]);
    },
    putStep(step) {
      tx.putStep(step);
      lines.push(['step', `${step.process} ${step.label} ${step.record}`]);
    },
  });

  const engine: EngineStore = {
    transaction(work) {
      life.point('before a transaction');
      const refused = weather.refuse();
      if (refused !== null) {
        chronicle.count(`store: ${refused}`);
        throw operationalError({ code: refused, message: `The store says ${refused}.` });
      }
      sealed = [];
      states = [];
      copies = [];
      lines = [];
      const result = real.engine.transaction((tx) => {
        watched ??= watch(tx);
        const done = work(watched);
        life.point('before a commit');
        if (weather.refuseCommit()) {
          chronicle.count('store: commit refused');
          throw operationalError({ code: 'disk-full', message: 'The disk is full.' });
        }
        return done;
      });
      for (const [what, words] of lines) chronicle.note(`  ${what}`, words);
      onCommit({ sealed, states, copies });
      life.point('after a commit');
      return result;
    },
    read(work) {
      life.point('before a read');
      return real.engine.read(work);
    },
    runs: () => real.engine.runs(),
    effects: () => real.engine.effects(),
    inbox: () => real.engine.inbox(),
    journal: (process) => real.engine.journal(process),
  };

  return {
    file: real.file,
    engine,
    changes: real.changes,
    write(work) {
      life.point('before a write');
      const result = real.write(work);
      life.point('after a write');
      return result;
    },
    writeWhenFree: (work, signal) => real.writeWhenFree(work, signal),
    noteImport: () => real.noteImport(),
    nodeId: (uuid) => real.nodeId(uuid),
    label: (uuid) => real.label(uuid),
    computers: () => real.computers(),
    computer: (uuid) => real.computer(uuid),
    computerId: (uuid) => real.computerId(uuid),
    computerUuid: (id) => real.computerUuid(id),
    user: () => real.user(),
    setting: (key) => real.setting(key),
    close: () => real.close(),
  };
}
