import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import type { ShellBridge } from '#shared/shell/bridge.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { Router } from '#renderer/app/router/router.svelte.ts';
import { writeExportTarget, type ExportTarget } from '#renderer/model/export-target.ts';

/** Out of whatever archive is looked into: archives come into the profile and out of it. */
const inProfile = { source: undefined };

/** What archives are called: before AiiDA 2.0 also by their container, and some were packed again. */
export const archiveExtensions = ['aiida', 'zip', 'tar', 'gz', 'tgz'] as const;

/** A dialog for one archive; null when the person cancels. */
export async function chooseArchive(shell: ShellBridge): Promise<FileHandle | null> {
  const [file] = await shell.chooseFiles({
    title: 'Choose an archive',
    extensions: [...archiveExtensions],
    multiple: false,
  });
  return file ?? null;
}

/**
 * Where a chosen file is looked at before anything is stored.
 * @param records the handle of the records that it was made of
 */
export const previewAddress = (
  router: Router,
  { handle, name, size }: FileHandle,
  records?: string | null,
): string =>
  router.href(
    addresses.archives,
    {},
    { ...inProfile, file: handle, name, size, records: records ?? undefined },
  );

/** Files in which other systems keep records: Parsl's database, a workflow of FireWorks. */
export const recordExtensions: readonly string[] = ['db', 'json', 'yaml', 'yml'];

/** A dialog for a file or a folder with the records of another system; null when the person cancels. */
export async function chooseRecords(shell: ShellBridge, folder: boolean): Promise<FileHandle | null> {
  const [place] = await shell.chooseFiles({
    title: folder ? 'Choose the folder of signac, Snakemake or Parsl' : 'Choose a file of Parsl or FireWorks',
    extensions: folder ? [] : recordExtensions,
    multiple: false,
    folder,
  });
  return place ?? null;
}

/** Where records of another system are recognised, before anything is stored. */
export const recordsAddress = (router: Router, { handle, name }: FileHandle): string =>
  router.href(addresses.archives, {}, { ...inProfile, records: handle, name });

/** Where one is opened without being imported. */
export const lookAddress = (router: Router, { handle, name, size }: FileHandle): string =>
  router.href(addresses.archives, {}, { ...inProfile, file: handle, name, size, look: true });

/** The export form with what is to leave. */
export const exportAddress = (router: Router, target: ExportTarget): string =>
  router.href(addresses.archives, {}, { ...inProfile, export: writeExportTarget(target) });

/** The archives page with nothing chosen. */
export const startAddress = (router: Router): string => router.href(addresses.archives, {}, inProfile);

/** What an open archive holds. */
export const insideAddress = (router: Router, source: string): string =>
  router.href(addresses.archives, {}, { source });
