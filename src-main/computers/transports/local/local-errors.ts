import { StemmaError } from '#shared/base/errors.ts';
import type { TransportCause } from '#shared/process/causes.ts';
import { transportError } from '../../transport-error.ts';

const causes: Readonly<Record<string, readonly [TransportCause, string, string | undefined]>> = {
  ENOSPC: ['remote-disk-full', 'The disk is full', 'Free some space. Stemma tries again by itself.'],
  EDQUOT: ['remote-disk-full', 'The quota is used up', 'Free some space. Stemma tries again by itself.'],
  EACCES: ['remote-permission', 'Permission was denied', 'Check the owner and the mode of the folder.'],
  EPERM: ['remote-permission', 'Permission was denied', 'Check the owner and the mode of the folder.'],
  EROFS: ['remote-permission', 'The file system can only be read', 'Choose another work directory.'],
  ENOENT: ['remote-missing', 'There is no such file or folder', undefined],
  ENOTDIR: ['remote-missing', 'A part of the path is no folder', undefined],
};

/** What Node's file functions throw, in the words of a transport. Anything else comes back as it is. */
export function localError(thrown: unknown, subject: string): unknown {
  if (thrown instanceof StemmaError || !(thrown instanceof Error)) return thrown;
  const { code = '', path } = thrown as NodeJS.ErrnoException;
  const known = causes[code];
  if (known === undefined) return thrown;
  const [cause, message, hint] = known;
  return transportError(cause, {
    message: `${message}: ${path ?? subject}.`,
    subject: path ?? subject,
    hint,
    cause: thrown,
  });
}
