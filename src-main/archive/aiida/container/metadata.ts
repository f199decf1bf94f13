import { userError, type StemmaError } from '#shared/base/errors.ts';
import { archiveDamaged, notAnArchive } from './archive-errors.ts';

/** The version of the format that is read and written here: of AiiDA 2.0 and later. */
export const formatVersion = 'main_0001';

export interface ArchiveMetadata {
  readonly version: string;
  /** Of the AiiDA that wrote the archive, or whose format another program followed. */
  readonly aiidaVersion: string;
  /** ISO 8601 in the local time of whoever made it; empty where it does not say. */
  readonly created: string;
}

/** @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-version` */
export function readMetadata(bytes: Uint8Array, archive: string): ArchiveMetadata {
  const metadata = parseMetadata(bytes, archive);
  if (metadata.version !== formatVersion) throw foreignVersion(archive, metadata.version);
  return metadata;
}

export function parseMetadata(bytes: Uint8Array, archive: string): ArchiveMetadata {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw archiveDamaged(archive, 'its metadata.json is not JSON', error);
  }
  const fields = typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const version = shortText(fields['export_version']);
  if (version === null) throw notAnArchive(archive, 'its metadata.json names no version');
  return {
    version,
    aiidaVersion: shortText(fields['aiida_version']) ?? '',
    created: dateText(fields['ctime']),
  };
}

const longest = 100;

const shortText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : null;

const dateText = (value: unknown): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(shortText(value) ?? '')?.[0] ?? '';

/** Versions in the order of their age, with who wrote them. */
export function foreignVersion(archive: string, version: string): StemmaError {
  const minor = /^0\.(\d+)$/.exec(version)?.[1];
  const [words, hint] =
    minor !== undefined && Number(minor) < 4
      ? ['which AiiDA wrote before 2019', 'Migrate it with AiiDA 1, and the result with AiiDA 2.']
      : minor !== undefined || version === '1.0' || version.startsWith('main_0000')
        ? ['which is older than what is read here', 'Migrate it with “verdi archive migrate” of AiiDA 2.']
        : [
            'which is not known here',
            'It may come from a newer AiiDA: look for a newer version of this app.',
          ];
  return userError({
    code: 'archive-version',
    message: `“${archive}” has version ${version}, ${words}; version ${formatVersion} can be opened.`,
    subject: archive,
    hint,
  });
}
