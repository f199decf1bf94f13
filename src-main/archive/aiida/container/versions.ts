import { userError, type StemmaError } from '#shared/base/errors.ts';

/** The version that is written here, and that every older one is read as: of AiiDA 2.0 and later. */
export const formatVersion = 'main_0001';

/**
 * Versions before AiiDA 2.0 in the order of their age; each is turned into the next one. AiiDA 2 reads them from 0.4 on.
 */
export const legacyVersions = [
  '0.1',
  '0.2',
  '0.3',
  '0.4',
  '0.5',
  '0.6',
  '0.7',
  '0.8',
  '0.9',
  '0.10',
  '0.11',
  '0.12',
  '0.13',
] as const;

export type LegacyVersion = (typeof legacyVersions)[number];

/**
 * With an SQLite database. They differ in names of types, in defaults and in indexes, and are read by column names: `1.0`
 * is of the first alpha of AiiDA 2.0; in `main_0002` (AiiDA 3) only a transport of computers has another name.
 */
const databaseVersions: ReadonlySet<string> = new Set([
  '1.0',
  'main_0000',
  'main_0000a',
  'main_0000b',
  formatVersion,
  'main_0002',
]);

/** Whether its rows are in a `data.json`, and have to go through the steps of `legacy`. */
export const isLegacyVersion = (version: string): version is LegacyVersion =>
  (legacyVersions as readonly string[]).includes(version);

/** Whether an archive of it can be read here at all. */
export const isKnownVersion = (version: string): boolean =>
  isLegacyVersion(version) || databaseVersions.has(version);

/** What a person should know of how an archive is read; null where there is nothing to say. */
export function versionNote(version: string): string | null {
  if (version === formatVersion) return null;
  const how =
    version === '0.1' || version === '0.2' || version === '0.3'
      ? 'was read as the migrations of AiiDA 1 and then of AiiDA 2 would turn it into'
      : version === 'main_0002'
        ? 'has the same contents as'
        : 'was read as AiiDA’s migration would turn it into';
  return `The archive is of version ${version}. It ${how} version ${formatVersion}; the file itself stays as it is.`;
}

/** The `export_version` of an archive is none that can be read here. */
export const unknownVersion = (archive: string, version: string): StemmaError =>
  userError({
    code: 'archive-version',
    message: `“${archive}” has version ${version}, which is not known here; versions 0.1 to main_0002 can be opened.`,
    subject: archive,
    hint: 'It may come from a newer AiiDA: look for a newer version of this app.',
  });
