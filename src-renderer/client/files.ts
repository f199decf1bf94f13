import type { FileHandle } from '#shared/contract/areas/sharing.ts';
import { operationalError, userError } from '#shared/base/errors.ts';
import type { ChooseFiles, ChooseSave, ShellBridge } from '#shared/shell/bridge.ts';
import { browserWire } from '#shared/shell/browser-wire.ts';

/** The bridge of a page in a browser: uploads, downloads and new tabs stand in for dialogs and paths. */
export class BrowserShell implements ShellBridge {
  readonly kind = 'browser';
  readonly #token: () => string | null;

  constructor(token: () => string | null) {
    this.#token = token;
  }

  async chooseFiles({ extensions, multiple, folder = false }: ChooseFiles): Promise<readonly FileHandle[]> {
    if (folder) throw noFolders();
    const files = await pickFiles(extensions, multiple);
    const handles: FileHandle[] = [];
    for (const file of files) handles.push(await this.handleOf(file));
    return handles;
  }

  chooseSave({ name }: ChooseSave): Promise<FileHandle | null> {
    return this.#post(browserWire.newFilePath, name, null);
  }

  handleOf(file: unknown): Promise<FileHandle> {
    const blob = file as File;
    return this.#post(browserWire.filesPath, blob.name, blob);
  }

  /** By an address that works once, so that the browser streams a file of any size to disk. */
  async deliver(handle: string): Promise<void> {
    const path = `${browserWire.downloadPath}?handle=${encodeURIComponent(handle)}`;
    const answer = await this.#fetch(path, { method: 'POST' });
    const ticket = (await answer.json()) as { readonly path: string };
    clickDownload(ticket.path, '');
  }

  openExternal(address: string): Promise<boolean> {
    const url = URL.parse(address);
    const allowed = url?.protocol === 'https:' || url?.protocol === 'mailto:';
    if (allowed) window.open(url, '_blank', 'noopener,noreferrer');
    return Promise.resolve(allowed);
  }

  onOpenFile(): () => void {
    return () => {};
  }

  onCommand(): () => void {
    return () => {};
  }

  async #post(path: string, name: string, body: Blob | null): Promise<FileHandle> {
    const answer = await this.#fetch(`${path}?name=${encodeURIComponent(name)}`, { method: 'POST', body });
    return (await answer.json()) as FileHandle;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization: browserWire.authorization(this.#token() ?? '') };
    let answer: Response;
    try {
      answer = await fetch(path, { ...init, headers, cache: 'no-store' });
    } catch (cause) {
      throw operationalError(
        {
          code: 'transfer-failed',
          message: 'The file could not be transferred: Stemma does not answer.',
          hint: 'Try again when the connection is back.',
        },
        cause,
      );
    }
    if (answer.ok) return answer;
    throw operationalError({
      code: 'transfer-failed',
      message: `The file could not be transferred: Stemma answered ${answer.status}.`,
      details: await answer.text(),
    });
  }
}

const noFolders = (): Error =>
  userError({
    code: 'no-folders',
    message: 'A page in a browser cannot hand over a folder.',
    hint: 'Choose it in the app, or on the command line: stemma import-records FOLDER.',
  });

/** Gives bytes that the page already has to the person as a file. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  clickDownload(url, name);
  // The download has begun by then; revoking in the same task would take the bytes away from under it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param name empty: the one that the server says */
function clickDownload(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

function pickFiles(extensions: readonly string[], multiple: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = multiple;
    input.accept = extensions.map((extension) => `.${extension}`).join(',');
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
