import { userError } from '#shared/base/errors.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { CachingSettings } from '#shared/contract/areas/app.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { ProcessSpec } from '#shared/process/ports.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { processHash } from '#shared/provenance/hash/node-hash.ts';
import { parseUuid, type ComputerId, type Uuid } from '#shared/provenance/ids.ts';
import { nodeKind } from '#shared/provenance/node-types.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { mayBeTaken } from '../engine/find-equal.ts';
import type { Readers } from '../provenance/readers.ts';
import type { ProvenanceStore, WriteTransaction } from '../provenance/types.ts';
import { noNode } from './nodes.ts';
import { cacheReport } from './process-page/cache-report.ts';

export interface CacheHandlerDeps {
  readonly readers: Readers;
  readonly store: ProvenanceStore;
  readonly rules: () => CachingSettings;
  readonly specs: () => readonly ProcessSpec[];
  readonly computerUuid: (id: ComputerId) => Uuid | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type CacheHandlers = Pick<Handlers<Contract>, 'processes.cache' | 'processes.setCacheSource'>;

/** Why a calculation was or was not taken from the cache, and the switch that keeps it from being copied. */
export function makeCacheHandlers(deps: CacheHandlerDeps): CacheHandlers {
  const { readers, store, now } = deps;
  return {
    async 'processes.cache'({ uuid }, { signal }) {
      const facts = await readers.profile.cacheFacts({ uuid }, signal);
      if (facts === null) throw noNode(uuid);
      const spec = deps.specs().find(({ processType }) => processType === facts.processType) ?? {
        exitCodes: [],
      };
      return cacheReport(facts, deps.rules(), (status) => mayBeTaken(spec, status));
    },
    async 'processes.setCacheSource'({ uuid, usable }, { signal }) {
      await store.writeWhenFree((tx) => setSource(tx, deps, parseUuid(uuid), usable, now() * 1000), signal);
      return {};
    },
  };
}

/** AiiDA's `is_valid_cache`; and its `rehash` for what came with an archive. */
function setSource(
  tx: WriteTransaction,
  { computerUuid }: CacheHandlerDeps,
  uuid: Uuid,
  usable: boolean,
  mtime: number,
): void {
  const node = tx.nodeByUuid(uuid);
  if (node === null) throw noNode(uuid);
  if (nodeKind(node.nodeType) !== 'calculation' || !node.sealed) {
    throw userError({
      code: 'not-a-cache-source',
      message: 'Only a calculation that has ended can be copied or kept from it.',
      subject: uuid,
    });
  }
  const inputs = tx.incoming(node.id).filter(({ type }) => type === 'input_calc');
  const hash = processHash(
    {
      nodeType: node.nodeType,
      attributes: readPyJson(node.attributes) as { readonly [key: string]: PyJson },
      repository: node.repository,
      computer: node.computer === null ? null : computerUuid(node.computer),
    },
    Object.fromEntries(inputs.map(({ label, source }) => [label, tx.dataHash(source)])),
  );
  tx.patchExtras(
    node.id,
    { [cacheExtras.valid]: usable ? undefined : false, [cacheExtras.hash]: hash },
    mtime,
  );
}
