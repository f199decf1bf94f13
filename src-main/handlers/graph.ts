import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Readers } from '../provenance/readers.ts';
import { noNode } from './nodes.ts';

/**
 * The graph around a node, of the profile or of an open archive. @throws StemmaError `node-missing`, `unknown-source`
 */
export function makeGraphHandlers({
  readers,
}: {
  readonly readers: Readers;
}): Pick<Handlers<Contract>, 'graph.around'> {
  return {
    async 'graph.around'({ source, ...query }, { signal }) {
      const part = await readers.source(source).reader.graphAround(query, signal);
      if (part === null) throw noNode(query.uuid);
      return part;
    },
  };
}
