import type { RemoteFile } from '../files/nodes.ts';
import type { RemoteFiles } from '../files/remote-files.ts';

/** Where a command writes. @throws FileError */
export interface Output {
  write(text: string): void;
}

export class Collected implements Output {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

export class FileOutput implements Output {
  readonly #files: RemoteFiles;
  readonly file: RemoteFile;

  constructor(files: RemoteFiles, file: RemoteFile) {
    this.#files = files;
    this.file = file;
  }

  write(text: string): void {
    this.#files.append(this.file, text);
  }
}

export const nowhere: Output = { write() {} };

/** What a command reads; commands one after the other share the place. */
export class Input {
  readonly #text: string;
  #at = 0;

  constructor(text = '') {
    this.#text = text;
  }

  /** With its line break; null at the end. */
  line(): string | null {
    if (this.#at >= this.#text.length) return null;
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end + 1);
    this.#at += line.length;
    return line;
  }

  rest(): string {
    const rest = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return rest;
  }
}

export interface Io {
  readonly input: Input;
  readonly output: Output;
  readonly errors: Output;
}
