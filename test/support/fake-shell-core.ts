import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { serve } from '#shared/channel/server.ts';
import { command, query } from '#shared/contract/define.ts';
import { userError } from '#shared/base/errors.ts';
import type { ShellCore } from '#main/shells/core-face.ts';

/** The contract of the fake core: enough to see that a channel carries. */
export const echoTable = {
  echo: query(z.object({ text: z.string() }), z.object({ text: z.string() })),
  bytes: command(z.object({ length: z.number() }), z.object({ bytes: z.instanceof(Uint8Array) })),
};

export interface FakeShellCore extends ShellCore {
  readonly events: string[];
  readonly paths: Map<string, string>;
}

/** A fake: it keeps files by handle as the core does, and records what the shell told it. */
export function fakeShellCore(): FakeShellCore {
  const paths = new Map<string, string>();
  const events: string[] = [];
  const issue = (path: string, size: number) => {
    const handle = `handle-${paths.size + 1}`;
    paths.set(handle, path);
    return { handle, name: basename(path), size };
  };
  return {
    events,
    paths,
    serve(port) {
      events.push('serve');
      serve(
        echoTable,
        {
          echo: ({ text }) => ({ text }),
          bytes: ({ length }) => ({ bytes: new Uint8Array(length).fill(7) }),
        },
        port,
      );
    },
    files: {
      async offer(path) {
        const found = await stat(path).catch(() => null);
        if (found === null) throw userError({ code: 'no-file', message: `There is no file ${path}.` });
        return issue(path, found.size);
      },
      async offerPlace(path) {
        const found = await stat(path).catch(() => null);
        if (found === null) throw userError({ code: 'no-file', message: `There is no file ${path}.` });
        return found.isDirectory() ? { ...issue(path, 0), folder: true } : issue(path, found.size);
      },
      reserve: (path) => Promise.resolve(issue(path, 0)),
      pathOf: (handle) => paths.get(handle) ?? null,
    },
    log: (doing, thrown) => void events.push(`log ${doing}: ${(thrown as Error).message}`),
    suspend: () => void events.push('suspend'),
    resume: () => void events.push('resume'),
    close(budgetMs) {
      events.push(budgetMs === undefined ? 'close' : `close within ${budgetMs}`);
      return Promise.resolve();
    },
  };
}
