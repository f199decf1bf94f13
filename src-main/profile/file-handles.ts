import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { userError } from '#shared/base/errors.ts';
import type { FileHandle } from '#shared/contract/areas/sharing.ts';

/** What a person chose a file for. */
export type FilePurpose = 'read' | 'write';

interface Issued {
  readonly path: string;
  readonly purpose: FilePurpose;
}

/** Choices that are remembered; the oldest go first. */
const most = 1000;

/**
 * The files that people chose, by handles that say nothing. Shells issue them, because only they show the dialogue or
 * take the upload; a window never sees a path and can name no other file.
 */
export class FileHandles {
  readonly #issued = new Map<string, Issued>();

  /** An existing file to read. @throws StemmaError `no-file` */
  async offer(path: string): Promise<FileHandle> {
    const found = await this.#toRead(path);
    return { handle: this.#issue({ path, purpose: 'read' }), ...found };
  }

  /** An existing file or folder to read: for what may be either. @throws StemmaError `no-file` */
  async offerPlace(path: string): Promise<FileHandle> {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() !== true) return this.offer(path);
    return { handle: this.#issue({ path, purpose: 'read' }), name: basename(path), size: 0, folder: true };
  }

  async #toRead(path: string): Promise<Omit<FileHandle, 'handle'>> {
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) {
      throw userError({
        code: 'no-file',
        message: `There is no file “${basename(path)}” to read.`,
        subject: path,
        hint: 'It may have been moved or deleted: choose it again.',
      });
    }
    return { name: basename(path), size: found.size };
  }

  /** A file that will be written. @throws StemmaError `no-folder` */
  async reserve(path: string): Promise<FileHandle> {
    const folder = await stat(dirname(path)).catch(() => null);
    if (folder === null || !folder.isDirectory()) {
      throw userError({
        code: 'no-folder',
        message: `There is no folder “${dirname(path)}” to write “${basename(path)}” into.`,
        subject: path,
        hint: 'Choose another place.',
      });
    }
    return { handle: this.#issue({ path, purpose: 'write' }), name: basename(path), size: 0 };
  }

  /** null for a handle that was not issued, or so long ago that it is forgotten. */
  pathOf(handle: string): string | null {
    return this.#issued.get(handle)?.path ?? null;
  }

  /** What to call it, for people. */
  name(handle: string): string {
    return basename(this.pathOf(handle) ?? 'a file');
  }

  /** The path of a file that was chosen for that. @throws StemmaError `unknown-file` */
  path(handle: string, purpose: FilePurpose): string {
    const issued = this.#issued.get(handle);
    if (issued?.purpose === purpose) return issued.path;
    throw userError({
      code: 'unknown-file',
      message: 'This file was not chosen here, or too long ago.',
      subject: handle,
      hint: 'Choose the file again.',
    });
  }

  /** A file that was chosen to be read, as it is now. @throws StemmaError `unknown-file`, `no-file` */
  async known(handle: string): Promise<FileHandle> {
    const { name, size } = await this.#toRead(this.path(handle, 'read'));
    return { handle, name, size };
  }

  /** A file that has been written under its handle. */
  async written(handle: string): Promise<FileHandle> {
    const path = this.path(handle, 'write');
    return { handle, name: basename(path), size: (await stat(path)).size };
  }

  #issue(file: Issued): string {
    const handle = randomUUID();
    this.#issued.set(handle, file);
    if (this.#issued.size > most) {
      const oldest = this.#issued.keys().next();
      if (oldest.done !== true) this.#issued.delete(oldest.value);
    }
    return handle;
  }
}
