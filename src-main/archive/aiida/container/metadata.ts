import { createHash } from 'node:crypto';
import { archiveDamaged, archiveUnsafe, notAnArchive } from './archive-errors.ts';
import { budgets } from './budgets.ts';
import type { Member } from './member.ts';
import { isKnownVersion, unknownVersion } from './versions.ts';

/** What `metadata.json` says of an archive. */
export interface ArchiveMetadata {
  readonly version: string;
  /** Of the AiiDA that wrote the archive, or whose format another program followed. */
  readonly aiidaVersion: string;
  /** ISO 8601 in the local time of whoever made it; empty where it does not say. */
  readonly created: string;
  /** SHA-256 of the text itself, which names the moment of its making. */
  readonly digest: string;
}

/** @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-unsafe`, `archive-version` */
export function readMetadata(member: Member | null, archive: string): ArchiveMetadata {
  if (member === null) throw notAnArchive(archive, 'it has no metadata.json');
  if (member.size > budgets.metadata) throw archiveUnsafe(archive, 'its metadata.json is too large');
  const metadata = parseMetadata(member.read(), archive);
  if (!isKnownVersion(metadata.version)) throw unknownVersion(archive, metadata.version);
  return metadata;
}

function parseMetadata(bytes: Uint8Array, archive: string): ArchiveMetadata {
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
    digest: createHash('sha256').update(bytes).digest('hex'),
  };
}

const longest = 100;

const shortText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : null;

const dateText = (value: unknown): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(shortText(value) ?? '')?.[0] ?? '';
