import { userError } from '#shared/base/errors.ts';
import { Lru } from '#shared/base/lru.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore } from '../provenance/types.ts';
import type { Repository } from '../repository/types.ts';
import { bytesOf } from '../storage/object-bytes.ts';
import { obstaclesOf } from '../storage/obstacles.ts';
import { wordsOfRule } from '../provenance/rule-words.ts';
import { rulesOf, type DeletionChoice } from '../storage/rules.ts';
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

/** Previews that can be followed by their deletion: of the windows that are open, one each, and some more. */
const keptPreviews = 8;

/**
 * What is stored, deleting it and taking that back. A deletion is asked for by the digest of its preview: what was chosen
 * stays here as node ids, so that a window sends a large selection once, and what fits a filter is what it was then.
 */
export function makeStorageHandlers(deps: StorageHandlerDeps): StorageHandlers {
  const { storage, readers, repository, changes } = deps;
  const previewed = new Lru<string, DeletionChoice>(keptPreviews);
  const freeing = new Set<AbortController>();
  return {
    async 'storage.previewDeletion'(selection, { signal }) {
      const request = { what: selection.what, rules: rulesOf(selection) };
      const plan = await readers.profile.deletionPlan(request, signal);
      previewed.set(plan.digest, { what: { kind: 'ids', ids: plan.chosen }, rules: selection.rules });
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
          .toSorted((a, b) => Number(b.rule === 'chosen') - Number(a.rule === 'chosen') || b.nodes - a.nodes),
        byType: plan.byType.toSorted((a, b) => b.nodes - a.nodes),
        obstacles: obstaclesOf(plan),
      };
    },
    async *'storage.delete'({ digest }, { signal }) {
      const selection = previewed.get(digest);
      if (selection === undefined) {
        throw userError({
          code: 'deletion-outdated',
          message: 'This preview was made too long ago. Nothing was deleted.',
          hint: 'Look at the preview again and confirm it.',
        });
      }
      const order = { selection, digest };
      for await (const item of withProgress((onProgress) => storage.delete(order, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', deletion: item.value };
      }
    },
    'storage.deletions': (page, { signal }) =>
      lookWhenChanged(
        () => readers.profile.deletions(page, signal),
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
      const stop = new AbortController();
      freeing.add(stop);
      try {
        const both = AbortSignal.any([signal, stop.signal]);
        for await (const item of withProgress((onProgress) => storage.free({ onProgress, signal: both }))) {
          if (item.kind === 'progress') yield item;
          else yield { kind: 'done', report: item.value };
        }
      } finally {
        freeing.delete(stop);
      }
    },
    'storage.stopFreeing'() {
      for (const stop of freeing) stop.abort();
      return {};
    },
    async *'storage.forget'({ what }, { signal }) {
      const which = what.kind === 'all' ? null : what.uuids;
      for await (const item of withProgress((onProgress) => storage.forget(which, { onProgress, signal }))) {
        if (item.kind === 'progress') yield item;
        else yield { kind: 'done', nodes: item.value };
      }
    },
  };
}
