import { createHash } from 'node:crypto';
import type { LaunchPreview } from '#shared/contract/areas/launch.ts';
import { cachingOffWords, cachingVerdict, type CacheChoice } from '#shared/process/caching-rules.ts';
import { dataHash } from '#shared/provenance/hash/node-hash.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { launchHash } from '../engine/process-attributes.ts';
import type { EngineDeps } from '../engine/deps.ts';
import { findEqual, looksForEqual } from '../engine/find-equal.ts';
import type { EngineReads, MadeData } from '../engine/ports.ts';
import type { ResolvedLaunch } from './resolve.ts';

/** What the cache has for a launch, by the same hash and the same search as the launch itself; nothing is stored. */
export function previewCache(
  deps: EngineDeps,
  { spec, inputs, job }: ResolvedLaunch,
  choice: CacheChoice,
): LaunchPreview['cache'] {
  if (spec.kind === 'workflow') return undefined;
  const rules = deps.cachingRules?.() ?? null;
  const taken = looksForEqual(spec, choice, rules);
  const equal = deps.store.read((reads) => {
    const hashes = Object.entries(inputs).map(([label, input]) => [label, hashOf(reads, input)] as const);
    return findEqual(reads, spec, launchHash(deps, spec, job, Object.fromEntries(hashes)));
  });
  if (equal === null) {
    return { words: 'No equal calculation is in the cache.', taken: false, equal: null };
  }
  const off = rules === null ? '' : cachingOffWords(cachingVerdict(rules, spec.processType));
  const why = choice === 'no' ? 'the launch says so' : off;
  return {
    words: taken
      ? 'An equal calculation is there: its outputs are copied, and nothing runs.'
      : `An equal calculation is there. This one runs anyway, because ${why}.`,
    taken,
    equal: { uuid: equal.uuid, name: equal.label || spec.label, ctime: equal.ctime / 1000 },
  };
}

function hashOf(reads: EngineReads, input: ResolvedLaunch['inputs'][string]): string {
  if (!('uuid' in input)) return hashOfNew(input);
  const node = reads.nodeByUuid(input.uuid);
  // an input that has gone is refused elsewhere; here it equals nothing
  return node === null ? input.uuid : reads.dataHash(node.id);
}

function hashOfNew({ nodeType, attributes, files }: MadeData): string {
  const hashed = files.map(({ path, content }) => {
    const hash = typeof content === 'string' ? content : createHash('sha256').update(content).digest('hex');
    return [path, hash as ObjectHash] as const;
  });
  return dataHash({
    nodeType,
    attributes: readPyJson(attributes) as { readonly [key: string]: PyJson },
    repository: treeOf(hashed),
    computer: null,
  });
}
