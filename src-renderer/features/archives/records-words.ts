import type { RecordsFound } from '#shared/contract/areas/records.ts';
import { countWords, plural } from '#renderer/model/count-words.ts';

/** `Parsl, 9 processes and 5 data nodes`; what records are and hold, in a sentence. */
export function recordsWords({ system, version, why, name, processes, data }: RecordsFound): string {
  const format = version === '' ? '' : ` (${version})`;
  return (
    `“${name}” holds records of ${system}${format}: ${why}. They become ` +
    `${plural(processes, 'process', 'processes')} and ${plural(data, 'data node', 'data nodes')}.`
  );
}

/** How many of the links the system did not record itself. */
export function inferredWords({ system, links, inferredLinks }: RecordsFound): string {
  if (links === 0) return 'No links.';
  if (inferredLinks === 0) return `${system} recorded all ${countWords(links)} links itself.`;
  const rest = links - inferredLinks;
  return (
    `${plural(links, 'link', 'links')}: ${system} recorded ${rest === 0 ? 'none of them' : countWords(rest)}, and ` +
    `${rest === 0 ? 'all' : countWords(inferredLinks)} ${inferredLinks === 1 ? 'is' : 'are'} inferred. ` +
    'They are marked at the nodes, with the reason.'
  );
}
