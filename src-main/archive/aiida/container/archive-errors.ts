import { formatBytes } from '#shared/base/bytes.ts';
import { userError, type StemmaError } from '#shared/base/errors.ts';

/** The file is no AiiDA archive at all. */
export const notAnArchive = (name: string, why: string, cause?: unknown): StemmaError =>
  userError(
    {
      code: 'not-an-archive',
      message: `“${name}” is not an AiiDA archive: ${why}.`,
      subject: name,
      hint: 'An archive is a file that “verdi archive create” or an export here has written.',
    },
    cause,
  );

/** It is one, but something in it contradicts itself or the format. */
export const archiveDamaged = (subject: string, why: string, cause?: unknown): StemmaError =>
  userError(
    {
      code: 'archive-damaged',
      message: `The archive is damaged: ${why}.`,
      subject,
      hint: 'Nothing was changed. Get the file again from where it came from.',
    },
    cause,
  );

/** It begins like an archive and ends too early. */
export const cutOff = (name: string, cause: unknown): StemmaError =>
  userError(
    {
      code: 'archive-damaged',
      message: `“${name}” is cut off: it begins like an archive, but its end is missing.`,
      subject: name,
      hint: 'A download or a copy of it may have broken off. Get the file again; nothing was changed.',
    },
    cause,
  );

/** It holds what no archive needs and what could do harm. */
export const archiveUnsafe = (subject: string, why: string): StemmaError =>
  userError({
    code: 'archive-unsafe',
    message: `The archive was refused: ${why}.`,
    subject,
    hint: 'No program that writes archives makes such a file. Nothing was changed.',
  });

/** A zip with a password. */
export const archiveEncrypted = (name: string): StemmaError =>
  userError({
    code: 'archive-encrypted',
    message: `“${name}” is locked with a password.`,
    subject: name,
    hint: 'No program that writes archives locks them. Unpack the file with its password, and open the folder.',
  });

/** There is no room for what it unpacks to. */
export const archiveTooLarge = (subject: string, why: string): StemmaError =>
  userError({
    code: 'archive-too-large',
    message: `The archive is too large to open here: ${why}.`,
    subject,
    hint: 'Free some space on the disk that holds the profile.',
  });

/**
 * A single value that would fill the memory of whoever looks at it.
 * @param what has it, as the subject of a sentence
 * @param most bytes that it may have
 * @param where the part of the archive that it is in
 */
export const valueTooLarge = (
  what: string,
  bytes: number,
  most: number,
  where: 'db.sqlite3' | 'data.json' = 'db.sqlite3',
): StemmaError =>
  userError({
    code: 'archive-too-large',
    message: `The archive was refused: ${what} of ${formatBytes(bytes)} in its ${where}, and ${formatBytes(most)} is the most.`,
    subject: where,
    hint: 'Nothing was changed. Large content belongs into files of a node.',
  });
