import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { formatVersion } from '../container/versions.ts';
import { rulesOf } from './choose-nodes.ts';

/** The AiiDA whose format is followed. Archives have to name one; readers use it for information only. */
export const formatOfAiida = '2.9.0';

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

/** The text of `metadata.json` with the keys that AiiDA 2.x writes. */
export function archiveMetadata(selection: ExportSelection, compression: number, created: Date): string {
  return writePyJson({
    export_version: formatVersion,
    aiida_version: formatOfAiida,
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
  });
}
