import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { version } from '../../../version.ts';
import { formatVersion } from '../container/versions.ts';
import { rulesOf } from './choose-nodes.ts';

/** The AiiDA whose format is followed: docs/decisions/who-wrote-an-archive.md. */
export const formatOfAiida = '2.9.0';

/** What every archive of ours says of who wrote it. */
export const writtenByUs = { aiida_version: formatOfAiida, written_by: `Stemma ${version}` } as const;

const two = (n: number): string => String(n).padStart(2, '0');

/** As Python's `datetime.now().isoformat()`: local time, no zone, six digits. */
function localIso(t: Date): string {
  const date = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  const time = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  return `${date}T${time}.${String(t.getMilliseconds()).padStart(3, '0')}000`;
}

function startingSet({ what }: ExportSelection): PyJson {
  switch (what.kind) {
    case 'all':
      return null;
    case 'group':
      return { group: [what.uuid] };
    case 'nodes':
      return { node: what.uuids };
  }
}

export interface Described {
  readonly selection: ExportSelection;
  readonly about: ArchiveAbout;
  /** 0 (none) to 9. */
  readonly compression: number;
}

/**
 * The text of `metadata.json` with the keys that AiiDA 2.x writes (aiida-core 2.9, `tools/archive/create.py` and
 * `implementations/sqlite_zip/writer.py`), and two more, which AiiDA shows and keeps: `written_by` and `about`.
 */
export function archiveMetadata({ selection, about, compression }: Described, created: Date): string {
  const said = Object.fromEntries(Object.entries(about).filter(([, words]) => words !== ''));
  return writePyJson({
    export_version: formatVersion,
    ...writtenByUs,
    key_format: 'sha256',
    compression,
    ctime: localIso(created),
    creation_parameters: {
      entities_starting_set: startingSet(selection),
      include_authinfos: false,
      include_comments: selection.comments,
      include_logs: selection.logs,
      graph_traversal_rules: rulesOf(selection),
    },
    ...(Object.keys(said).length > 0 && { about: said }),
  });
}
