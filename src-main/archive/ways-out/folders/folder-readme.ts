import { version } from '../../../version.ts';
import type { Leaving, LeavingNode } from '../leaving.ts';
import { processFacts } from '../process-facts.ts';

const mostSteps = 2000;
/** Text from a stranger as one line that acts nowhere. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}`<>]/gu, ' ');

/** The steps of a process as an indented list, with how each ended. */
function* outline(leaving: Leaving, node: LeavingNode, folder: string, depth: number): Generator<string> {
  yield `${'    '.repeat(depth)}${plain(folder)}  ${plain(processFacts(leaving, node).words)}`;
  for (const [i, { label, target }] of leaving.called(node).entries()) {
    yield* outline(leaving, target, stepName(i + 1, label, target), depth + 1);
  }
}

/** `01-scf-PwCalculation-123`, as AiiDA 2.9 names the folders of `verdi process dump`. */
export function stepName(position: number, label: string, node: LeavingNode): string {
  const process = node.processLabel || node.processType;
  const words = [label === 'CALL' ? '' : label, process === label ? '' : process, String(node.id)];
  return [String(position).padStart(2, '0'), ...words.filter((word) => word !== '')].join('-');
}

/** A node that has a folder at the top, and which; `.` where it is the only one. */
export interface Topped {
  readonly node: LeavingNode;
  readonly folder: string;
}

/** Explains the folders to a person who has neither AiiDA nor Stemma. */
export function folderReadme(leaving: Leaving, title: string, tops: readonly Topped[], now: Date): string {
  const lines: string[] = [];
  for (const { node, folder } of tops) {
    for (const line of outline(leaving, node, folder, 0)) {
      if (lines.length < mostSteps) lines.push(line);
      else break;
    }
  }
  const more = lines.length < mostSteps ? '' : '\nThe list ends here; the folders go on.\n';
  return `# ${plain(title)}

Each folder is a process: a calculation, or a workflow whose steps are the numbered folders in it, in the order in which
they ran.

- \`inputs/\`: files that a calculation was given in its work directory: its input file, the script for the scheduler.
- \`outputs/\`: files that were retrieved from there.
- \`node_inputs/\`: data that went into the process, by the name of the input: files, or what it holds as JSON.
- \`node_outputs/\`: data that the process made or returned, in the same manner.
- \`source_file\`: the source of a function or workflow, where it was recorded.
- \`log.txt\`: what the process reported.
- \`aiida_node_metadata.yaml\`: everything that is recorded of the process, for programs. It is JSON, which readers of
  YAML read, too.

A number at the end of a name is the PK in the profile that it came from; UUIDs stand in the metadata. Characters that
some file systems refuse are \`_\` in names. Folders show what was made by which step; that one result went into several
later steps is in the metadata, and without loss in an archive (.aiida).

## Processes

\`\`\`
${lines.join('\n')}
\`\`\`
${more}
Written by Stemma ${version} on ${now.toISOString()}. Files were compared with their SHA-256 as they were written.
`;
}
