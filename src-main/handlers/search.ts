import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Readers } from '../provenance/readers.ts';

/** Groups, computers and nodes by words, of the profile or of an open archive. */
export function makeSearchHandlers({
  readers,
}: {
  readonly readers: Readers;
}): Pick<Handlers<Contract>, 'search.words'> {
  return {
    async 'search.words'({ source, words, limit }, { signal }) {
      return [...(await readers.source(source).reader.searchWords({ words, limit }, signal))];
    },
  };
}
