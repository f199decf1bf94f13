import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { serve } from '#shared/channel/server.ts';
import { contract } from '#shared/contract/contract.ts';
import { StemmaError, userError } from '#shared/base/errors.ts';
import { startBrowserShell } from '#main/shells/browser/shell.ts';
import { createToken } from '#main/shells/browser/token.ts';
import { buildWorld, type WorldOptions } from './build-world.ts';
import { appHandlers } from './handlers/app.ts';
import { archiveHandlers } from './handlers/archives.ts';
import { computerHandlers } from './handlers/computers.ts';
import { graphHandlers } from './handlers/graph.ts';
import { groupHandlers } from './handlers/groups.ts';
import { launchHandlers } from './handlers/launch.ts';
import { nodeHandlers } from './handlers/nodes.ts';
import { processHandlers } from './handlers/processes.ts';
import { wayOutHandlers } from './handlers/ways-out.ts';
import { recordHandlers } from './handlers/records.ts';
import { purgeHandlers } from './handlers/purges.ts';
import { storageHandlers } from './handlers/storage.ts';
import { bringToLife } from './life.ts';
import type { World } from './world.ts';
import { freePort } from '../programs.ts';

export interface FakeCoreOptions extends WorldOptions {
  readonly rendererFolder: string;
  readonly port?: number;
  /** Jobs move on and new ones come by themselves. */
  readonly life?: boolean;
}

export interface FakeCore {
  readonly address: string;
  readonly port: number;
  readonly world: World;
  /** What handlers threw that is no StemmaError: a defect of the fake. */
  readonly defects: readonly unknown[];
  /** Cuts every connection, as a restart does, until the function that it gives is called; the token stays. */
  interrupt(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A fake of the core behind the real browser shell: real HTTP, real headers, real WebSocket, made-up data. */
export async function startFakeCore(options: FakeCoreOptions): Promise<FakeCore> {
  const world = buildWorld(options);
  const handlers = {
    ...appHandlers(world),
    ...processHandlers(world),
    ...nodeHandlers(world),
    ...computerHandlers(world),
    ...launchHandlers(world),
    ...graphHandlers(world),
    ...groupHandlers(world),
    ...archiveHandlers(world),
    ...recordHandlers(world),
    ...wayOutHandlers(world),
    ...storageHandlers(world),
    ...purgeHandlers(world),
  };
  const folder = await mkdtemp(join(tmpdir(), 'stemma-fake-'));
  const paths = world.filePaths;
  let issued = 0;
  const issue = (path: string, size: number) => {
    const handle = `file-${++issued}`;
    paths.set(handle, path);
    return { handle, name: basename(path), size };
  };
  const defects: unknown[] = [];
  const onError = (name: string, thrown: unknown): void => {
    if (!(thrown instanceof StemmaError)) defects.push(new Error(name, { cause: thrown }));
  };
  const core = {
    serve: (port: ChannelPort) => serve(contract, handlers, port, onError),
    files: {
      async offer(path: string) {
        const found = await stat(path).catch(() => null);
        if (found === null) throw userError({ code: 'no-file', message: `There is no file ${path}.` });
        return issue(path, found.size);
      },
      offerPlace(path: string) {
        return this.offer(path);
      },
      reserve: (path: string) => Promise.resolve(issue(path, 0)),
      pathOf: (handle: string) => paths.get(handle) ?? null,
    },
    log: onError,
    suspend: () => {},
    resume: () => {},
    close: () => Promise.resolve(),
  };
  const token = createToken();
  const open = (port: number) =>
    startBrowserShell({
      core,
      token,
      rendererFolder: options.rendererFolder,
      cacheFolder: join(folder, 'cache'),
      exportsFolder: join(folder, 'exports'),
      port,
      onError,
    });
  // one that nobody else gets while it is cut off
  let shell = await open(options.port ?? (await freePort()));
  const stopLife = options.life === true ? bringToLife(world) : () => {};
  const { address, port } = shell;
  return {
    address,
    port,
    world,
    defects,
    async interrupt() {
      await shell.close();
      return async () => {
        shell = await open(port);
      };
    },
    async close() {
      stopLife();
      await shell.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
