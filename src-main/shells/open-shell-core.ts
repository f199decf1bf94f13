import type { AppInfo } from '#shared/contract/areas/app.ts';
import { operationalError } from '#shared/base/errors.ts';
import { openCore } from '../core.ts';
import type { StartChild } from '../isolate/peer.ts';
import { askDiskOf } from './ask-disk-of.ts';
import type { ShellCore } from './core-face.ts';

export interface OpenShellCore {
  /** Folder of the profile. */
  readonly profile: string;
  readonly shell: AppInfo['shell'];
  readonly startChild?: StartChild;
}

/** The real core behind the face that shells and commands know. @throws StemmaError as `openCore` */
export async function openShellCore({ profile, shell, startChild }: OpenShellCore): Promise<ShellCore> {
  const core = await openCore({
    profileDirectory: profile,
    shell,
    startChild,
    askDisk: askDiskOf(process.env),
  });
  // A defect ends the process; its stack must be in the log before.
  const onDefect = (thrown: unknown): void => core.log('a defect', thrown);
  process.on('uncaughtExceptionMonitor', onDefect);
  const close = (): Promise<void> =>
    core.close().finally(() => process.off('uncaughtExceptionMonitor', onDefect));
  return {
    serve: (port) => core.serve(port),
    files: core.files,
    log: (doing, thrown) => core.log(doing, thrown),
    // Nothing new begins while the computer sleeps anyway; what hangs then is found out at `wake`.
    suspend: () => core.profile.log.info('shell', 'The computer goes to sleep.'),
    resume() {
      core.profile.log.info('shell', 'The computer woke up.');
      core.computers.wake();
    },
    close: (budgetMs) => (budgetMs === undefined ? close() : within(close(), budgetMs)),
  };
}

/** @throws StemmaError `close-too-slow` after the budget; the journal makes that a safe moment too */
function within(closing: Promise<void>, budgetMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          operationalError({
            code: 'close-too-slow',
            message: `The profile could not be closed within ${budgetMs / 1000} s.`,
          }),
        ),
      budgetMs,
    );
    closing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
