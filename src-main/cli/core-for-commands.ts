import { operationalError } from '#shared/base/errors.ts';
import { serveUntilAborted } from './serve.ts';
import type { CommandCore, ServeRequest } from './world.ts';

const notYet = (): Error =>
  operationalError({ code: 'not-wired', message: 'The core is not wired to the commands yet.' });

export const openCommandCore = (_profile: string, _signal: AbortSignal): Promise<CommandCore> =>
  Promise.reject(notYet());

export async function serveProfile(
  request: ServeRequest,
  { out, signal }: { out: (text: string) => void; note: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const core = {
    serve: () => {},
    files: {
      offer: () => Promise.reject(notYet()),
      reserve: () => Promise.reject(notYet()),
      pathOf: () => null,
    },
    log: () => {},
    suspend: () => {},
    resume: () => {},
    close: () => Promise.resolve(),
  };
  await serveUntilAborted(request, {
    core,
    rendererFolder: new URL('../renderer', import.meta.url).pathname,
    cacheFolder: `${request.profile}/cache`,
    exportsFolder: `${request.profile}/exports`,
    onError: () => {},
    out,
    signal,
  });
}
