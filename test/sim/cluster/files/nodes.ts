/** What a file system is made of. */

export class RemoteFile {
  readonly kind = 'file';
  executable: boolean;
  #text: string | null;
  #bytes: Uint8Array | null;
  /** Names that lead here; at 0 the space is free again. */
  links = 0;
  /** When somebody wrote to it, by the clock of the file system. */
  changed = 0;

  constructor(content: string | Uint8Array = '', executable = false) {
    this.executable = executable;
    this.#text = typeof content === 'string' ? content : null;
    this.#bytes = typeof content === 'string' ? null : content;
  }

  get text(): string {
    this.#text ??= Buffer.from(this.#bytes ?? []).toString('utf8');
    return this.#text;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.#text ?? '', 'utf8');
    return this.#bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  set text(text: string) {
    this.#text = text;
    this.#bytes = null;
  }

  set bytes(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#text = null;
  }
}

export class RemoteLink {
  readonly kind = 'link';
  readonly target: string;

  constructor(target: string) {
    this.target = target;
  }
}

export class RemoteFolder {
  readonly kind = 'folder';
  readonly entries = new Map<string, Entry>();
  /** Machines that keep a copy of its entries: as they were at `asOf`, and until when they do not ask again. */
  readonly copies = new Map<string, { readonly asOf: number; readonly until: number }>();
  parent: RemoteFolder | null;
  name: string;

  constructor(parent: RemoteFolder | null, name: string) {
    this.parent = parent;
    this.name = name;
  }

  get path(): string {
    if (this.parent === null) return '';
    return `${this.parent.path}/${this.name}`;
  }

  /** Whether it can still be reached from the root. */
  get isThere(): boolean {
    return this.parent === null ? this.name === '' : this.parent.isThere;
  }
}

export type RemoteNode = RemoteFile | RemoteFolder | RemoteLink;

export interface Entry {
  readonly node: RemoteNode;
  readonly by: string;
  readonly madeAt: number;
  /** What the name led to before; kept where a copy of a machine may still have it. */
  readonly before: RemoteNode | null;
}
