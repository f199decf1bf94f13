import { userError } from '#shared/base/errors.ts';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { ExportSelectionInput } from '#shared/contract/areas/sharing.ts';
import type { ArchiveCore, World } from '../world.ts';
import { printJson, printTable } from './print.ts';
import { showProgress } from './progress.ts';

/** Says what an anonymous export would replace, and what would still tell who and where; writes nothing. */
export async function previewAnonymous(
  selection: ExportSelectionInput,
  json: boolean,
  world: World,
  { client }: ArchiveCore,
): Promise<void> {
  const progress = showProgress(world);
  let report: AnonymityReport | null = null;
  for await (const item of client.listen('archives.previewAnonymous', selection, world.signal)) {
    if (item.kind === 'progress') progress(item.progress);
    else ({ report } = item);
  }
  if (report === null) throw userError({ code: 'cancelled', message: 'The preview was cancelled.' });
  if (json) printJson(world, report);
  else print(world, report);
}

function print(
  world: World,
  { replaced, replacedCount, kept, files, filesCount, notText }: AnonymityReport,
): void {
  printTable(world, [
    ['replaced', 'by', 'what it is', 'times'],
    ...replaced.map(({ was, becomes, kind, times }) => [was, becomes, kind, times]),
  ]);
  if (replacedCount > replaced.length) world.out(`and ${replacedCount - replaced.length} more\n`);
  world.out('\nWhat can still tell who you are:\n');
  for (const { text, kind, times } of kept)
    world.out(
      `  “${text}” (${kind}) stays in texts, ${times} times: it is too short or too common a word.\n`,
    );
  for (const { node, path, times } of files) world.out(`  the file ${path} of ${node}, ${times} times\n`);
  if (filesCount > files.length) world.out(`  ${filesCount - files.length} more files\n`);
  if (filesCount > 0) world.out('  (--leave-out-files leaves these files out)\n');
  if (notText > 0)
    world.out(`  ${notText} files that are no text: what is compressed in them was not looked at\n`);
  world.out(
    '  UUIDs and times stay, so that the nodes can be cited: whoever has the originals can compare.\n',
  );
  world.out('Nothing was written: this was a dry run.\n');
}
