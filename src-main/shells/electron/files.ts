import { z } from 'zod';
import { userError } from '#shared/base/errors.ts';
import type { ShellFiles } from '../core-face.ts';
import { ipc } from './ipc.ts';
import type { GuardedIpc } from './senders.ts';

interface OpenDialog {
  readonly title: string;
  readonly properties: ('openFile' | 'openDirectory' | 'multiSelections')[];
  readonly filters: { readonly name: string; readonly extensions: string[] }[];
}

/** The members of Electron's `dialog` and `shell` that deal with files, for one window. */
export interface FileDialogs<Contents> {
  showOpen(
    owner: Contents,
    options: OpenDialog,
  ): Promise<{ readonly canceled: boolean; readonly filePaths: string[] }>;
  showSave(
    owner: Contents,
    options: { readonly title: string; readonly defaultPath: string },
  ): Promise<{ readonly canceled: boolean; readonly filePath: string }>;
  showInFolder(path: string): void;
}

const extension = z.string().regex(/^[A-Za-z0-9]{1,20}$/);
const chooseFiles = z.object({
  title: z.string().max(200),
  extensions: z.array(extension).max(50),
  multiple: z.boolean(),
  folder: z.boolean().default(false),
});
const chooseSave = z.object({ title: z.string().max(200), name: z.string().max(255) });

/** Files by native dialogs: the page gets a handle of what the person chose, and never names a path itself. */
export function handleFiles<Contents>(
  guarded: GuardedIpc<Contents>,
  dialogs: FileDialogs<Contents>,
  files: () => Promise<ShellFiles>,
): void {
  guarded.handle(ipc.chooseFiles, chooseFiles, async ({ title, extensions, multiple, folder }, owner) => {
    const { canceled, filePaths } = await dialogs.showOpen(owner, {
      title,
      properties: folder ? ['openDirectory'] : multiple ? ['openFile', 'multiSelections'] : ['openFile'],
      // a file may have any name: what is in it decides
      filters:
        folder || extensions.length === 0
          ? []
          : [
              { name: extensions.map((one) => `.${one}`).join(', '), extensions },
              { name: 'All files', extensions: ['*'] },
            ],
    });
    if (canceled) return [];
    const known = await files();
    return Promise.all(filePaths.map((path) => (folder ? known.offerPlace(path) : known.offer(path))));
  });

  guarded.handle(ipc.chooseSave, chooseSave, async ({ title, name }, owner) => {
    // The dialog takes a path for its first folder: a name from a page must not choose one.
    const defaultPath = name.replaceAll(/[/\\\0]/g, '_');
    const { canceled, filePath } = await dialogs.showSave(owner, { title, defaultPath });
    return canceled || filePath === '' ? null : (await files()).reserve(filePath);
  });

  // The preload asks Electron for the path of a `File` that the person dropped; pages cannot make such a `File`.
  guarded.handle(ipc.handleOfPath, z.string().min(1).max(4096), async (path) =>
    (await files()).offerPlace(path),
  );

  guarded.handle(ipc.deliver, z.string().max(200), async (handle) => {
    const path = (await files()).pathOf(handle);
    if (path === null) throw userError({ code: 'no-file', message: 'This file is not known any more.' });
    dialogs.showInFolder(path);
  });
}
