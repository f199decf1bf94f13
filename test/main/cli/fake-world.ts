import type { Handlers } from '#shared/channel/server.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { run } from '#main/cli/run.ts';
import type { CommandCore, World } from '#main/cli/world.ts';
import { fakeContract } from '../../support/fake-contract.ts';
import { fakeShellCore } from '../../support/fake-shell-core.ts';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: readonly string[];
  readonly opened: readonly string[];
  readonly closed: number;
}

/** Runs one command line in a fake world whose core answers with `handlers`. */
export async function ran(
  argv: readonly string[],
  handlers: Partial<Handlers<Contract>> = {},
  parts: Partial<World> = {},
): Promise<Ran> {
  let stdout = '';
  const stderr: string[] = [];
  const opened: string[] = [];
  let closed = 0;
  const { files } = fakeShellCore();
  const open = (profile: string): Promise<CommandCore> => {
    opened.push(profile);
    return Promise.resolve({
      client: fakeContract(handlers),
      files,
      close() {
        closed++;
        return Promise.resolve();
      },
    });
  };
  const status = await run(argv, {
    version: '1.2.3',
    defaultProfile: '/default',
    out: (text) => (stdout += text),
    note: (line) => stderr.push(line),
    signal: new AbortController().signal,
    openCore: open,
    openArchives: open,
    readArchiveInfo: () => Promise.reject(new Error('no archive')),
    serve: () => Promise.resolve(),
    ...parts,
  });
  return { status, stdout, stderr, opened, closed };
}
