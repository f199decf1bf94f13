import { version } from '../../../version.ts';
import type { Leaving } from '../leaving.ts';
import { titleOf } from '../title.ts';

const plain = (text: string): string => text.replaceAll(/[\p{Cc}<>]/gu, ' ');

/** What a person reads first. */
export function readme(
  leaving: Leaving,
  { title, description }: { readonly title: string; readonly description: string },
  now: Date,
): string {
  const processes = leaving.processes();
  return `# ${plain(title || titleOf(leaving))}

${description === '' ? '' : `${plain(description)}\n\n`}This folder is an RO-Crate: data, and how each piece of it was made. \`ro-crate-metadata.json\` describes all of it for
programs (JSON-LD, RO-Crate 1.1).

- \`data/\`: ${leaving.nodes.size - processes.length} data nodes and codes, a folder for each, named by its UUID. Numbers and short texts stand in the
  metadata itself. \`attributes.json\` is what the node holds beside its files.
- \`processes/\`: ${processes.length} processes, a folder for each: what is recorded of it, the files that it was given, its log.
- \`workflows/\`: the source of what was executed where it was recorded, otherwise what its runs show.

UUIDs are those of the profile that it came from. An AiiDA archive (.aiida) holds the same provenance without loss, this
crate is for readers that do not know AiiDA. Files were compared with their SHA-256 as they were written.

Written by Stemma ${version} on ${now.toISOString()}.
`;
}
