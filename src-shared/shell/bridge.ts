import type { FileHandle } from '../contract/areas/sharing.ts';

/**
 * What a window can ask of the shell around it, beside the contract: everything that needs a dialog, a path or another
 * program. Electron's preload exposes it as `window.stemmaShell`; in a browser the client builds it from an upload, a
 * download and a new tab. No path of this machine ever crosses it: a file is a handle that the shell issued after a
 * person chose it.
 */
export interface ShellBridge {
  readonly kind: 'electron' | 'browser';
  /** A dialog for files to read; empty when the person cancels. */
  chooseFiles(request: ChooseFiles): Promise<readonly FileHandle[]>;
  /** A place to write one file to; null when the person cancels. In a browser it lies in the profile until `deliver`. */
  chooseSave(request: ChooseSave): Promise<FileHandle | null>;
  /** The handle of a dropped file, a DOM `File`; of a folder as well, but in a browser. */
  handleOf(file: unknown): Promise<FileHandle>;
  /** Brings a finished file to the person: shown in its folder, or downloaded. */
  deliver(handle: string): Promise<void>;
  /** Only `https:` and `mailto:`; whether it was opened. */
  openExternal(address: string): Promise<boolean>;
  /** Files that the desktop asks this window to open. The function that it gives back ends that. */
  onOpenFile(listener: (file: FileHandle) => void): () => void;
  /** A command of the application menu: the id of one of the window's own commands. */
  onCommand(listener: (command: string) => void): () => void;
}

export interface ChooseFiles {
  readonly title: string;
  /** Without dots; empty for every file. */
  readonly extensions: readonly string[];
  readonly multiple: boolean;
  /** One folder instead of files. Only where the shell has paths: not in a browser. */
  readonly folder?: boolean;
}

export interface ChooseSave {
  readonly title: string;
  readonly name: string;
}

/** `window.stemmaChannel` in Electron: asks for a port, which arrives by `window.postMessage` with `portMessage`. */
export interface ChannelBridge {
  open(): void;
}

export const portMessage = 'stemma-port';
