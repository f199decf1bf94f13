import { createHash } from 'node:crypto';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import { aboutLimits, nothingSaid } from '#shared/provenance/archive-words.ts';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import { archiveDamaged, archiveUnsafe, notAnArchive } from './archive-errors.ts';
import { budgets } from './budgets.ts';
import type { Member } from './member.ts';
import { isKnownVersion, unknownVersion } from './versions.ts';

/** What an archive says of itself. */
export type ArchiveWords = Pick<ArchiveInfo, 'version' | 'aiidaVersion' | 'writtenBy' | 'about'>;

/** What `metadata.json` says of an archive. */
export interface ArchiveMetadata {
  readonly says: ArchiveWords;
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
  const { version } = metadata.says;
  if (!isKnownVersion(version)) throw unknownVersion(archive, version);
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
  const aiidaVersion = shortText(fields['aiida_version']) ?? '';
  return {
    says: {
      version,
      aiidaVersion,
      writtenBy: shortText(fields['written_by']) ?? (aiidaVersion === '' ? '' : `AiiDA ${aiidaVersion}`),
      about: readAbout(fields['about']),
    },
    created: dateText(fields['ctime']),
    digest: createHash('sha256').update(bytes).digest('hex'),
  };
}

const longest = 100;

const shortText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : null;

const dateText = (value: unknown): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(shortText(value) ?? '')?.[0] ?? '';

/** Each member by itself: another program may have a word of its own under the same name. */
function readAbout(value: unknown): ArchiveAbout {
  if (typeof value !== 'object' || value === null) return nothingSaid;
  const said: Record<string, string> = {};
  for (const key of Object.keys(nothingSaid) as (keyof ArchiveAbout)[]) {
    const text = (value as Readonly<Record<string, unknown>>)[key];
    const trimmed = typeof text === 'string' ? text.trim() : '';
    said[key] = trimmed.length <= aboutLimits[key] ? trimmed : '';
  }
  return { ...nothingSaid, ...said };
}
