import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Repository } from '../repository/types.ts';
import { bytesOf } from '../storage/object-bytes.ts';
import { obstaclesOf } from '../storage/obstacles.ts';
import { rulesOf, wordsOfRule } from '../storage/rules.ts';
import type { Storage } from '../storage/storage.ts';
import { lookWhenChanged } from './changed.ts';
import { withProgress } from './progress-stream.ts';

export interface StorageHandlerDeps {
  readonly storage: Storage;
  readonly readers: Readers;
  readonly repository: Pick<Repository, 'sizes'>;
  readonly changes: ProvenanceStore['changes'];
}

type StorageHandlers = Pick<Handlers<Contract>, Extract<keyof Contract, `storage.${string}`>>;

/** What is stored, deleting it and taking that back. A deletion wants the digest of its preview. */
export function makeStorageHandlers(deps: StorageHandlerDeps): StorageHandlers {
  const { storage, readers, repository, changes } = deps;
  return {
    async 'storage.previewDeletion'(selection, { signal }) {
      const request = { what: selection.what, rules: rulesOf(selection) };
      const plan = await readers.profile.deletionPlan(request, signal);
      return {
        digest: plan.digest,
        nodes: plan.ids.length,
        links: plan.links,
        memberships: plan.memberships,
        logs: plan.logs,
        comments: plan.comments,
        files: plan.onlyTheirs.length / 32,
        bytes: await bytesOf(repository, plan.onlyTheirs, signal),
        byRule: plan.byRule
          .map(({ rule, nodes, examples }) => ({
            rule,
            words: wordsOfRule(rule),
            nodes,
            examples: [...examples],
          }))
          .toSorted((a, b) => b.nodes - a.nodes),
        byType: plan.byType.toSorted((a, b) => b.nodes - a.nodes),
        obstacles: obstaclesOf(plan),
      };
    },
    async *'storage.delete'(input, { signal }) {
      for await (const item of withProgress((onProgress) => storage.delete(input, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', deletion: item.value };
      }
    },
    'storage.deletions': (_input, { signal }) =>
      lookWhenChanged(
        async () => [...(await readers.profile.deletions(null, signal))],
        changes,
        ({ everything }) => everything,
        signal,
      ),
    async *'storage.restore'({ uuid }, { signal }) {
      for await (const item of withProgress((onProgress) => storage.restore(uuid, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', ...item.value };
      }
    },
    async *'storage.report'(_input, { signal }) {
      for await (const item of withProgress((onProgress) => storage.report({ onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', report: item.value };
      }
    },
    async *'storage.free'(_input, { signal }) {
      for await (const item of withProgress((onProgress) => storage.free({ onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', report: item.value };
      }
    },
    async *'storage.forget'({ uuids }, { signal }) {
      for await (const item of withProgress((onProgress) => storage.forget(uuids, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', nodes: item.value };
      }
    },
  };
}
