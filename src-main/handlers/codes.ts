import type { Clock } from '#shared/base/clock.ts';
import type { Emitter } from '#shared/base/emitter.ts';
import type { Handlers } from '#shared/channel/server.ts';
import type { codesArea } from '#shared/contract/areas/computers.ts';
import { parseUuid } from '#shared/provenance/ids.ts';
import type { Codes } from '../computers/codes.ts';
import type { Changes } from '../provenance/types.ts';
import { live } from './live.ts';

export interface CodeHandlerDeps {
  readonly codes: Codes;
  readonly clock: Clock;
  readonly changes: Emitter<Changes>;
}

/** Codes and their tests; the list follows the database at a distance of half a second. */
export function makeCodeHandlers({ codes, clock, changes }: CodeHandlerDeps): Handlers<typeof codesArea> {
  return {
    'codes.list': (filter, { signal }) =>
      live(clock, signal, [changes], () => codes.rows(filter), { coalesceMs: 500 }),
    'codes.create': async (config) => ({ uuid: await codes.create(config) }),
    'codes.relabel': async ({ uuid, label, description }) => {
      await codes.relabel(parseUuid(uuid), label, description);
      return {};
    },
    'codes.setHidden': async ({ uuid, hidden }) => {
      await codes.setHidden(parseUuid(uuid), hidden);
      return {};
    },
    'codes.test': ({ computer, executable }, { signal }) =>
      codes.test(parseUuid(computer), executable, signal),
  };
}
