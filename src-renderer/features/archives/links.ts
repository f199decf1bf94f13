import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import type { ShellBridge } from '#shared/shell/bridge.ts';
import { addresses } from '#renderer/app/addresses.ts';
import type { Router } from '#renderer/app/router/router.svelte.ts';
import { writeExportTarget, type ExportTarget } from '#renderer/model/export-target.ts';

/** Out of whatever archive is looked into: archives come into the profile and out of it. */
const inProfile = { source: undefined };

/** A dialog for one archive; null when the person cancels. */
export async function chooseArchive(shell: ShellBridge): Promise<FileHandle | null> {
  const [file] = await shell.chooseFiles({
    title: 'Choose an archive',
    extensions: ['aiida'],
    multiple: false,
  });
  return file ?? null;
}

/** Where a chosen file is looked at before anything is stored. */
export const previewAddress = (router: Router, { handle, name, size }: FileHandle): string =>
  router.href(addresses.archives, {}, { ...inProfile, file: handle, name, size });

/** The export form with what is to leave. */
export const exportAddress = (router: Router, target: ExportTarget): string =>
  router.href(addresses.archives, {}, { ...inProfile, export: writeExportTarget(target) });

/** The archives page with nothing chosen. */
export const startAddress = (router: Router): string => router.href(addresses.archives, {}, inProfile);

/** What an open archive holds. */
export const insideAddress = (router: Router, source: string): string =>
  router.href(addresses.archives, {}, { source });
