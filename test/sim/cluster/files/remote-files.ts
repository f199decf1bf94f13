import { RemoteFile, RemoteFolder, RemoteLink, type RemoteNode } from './nodes.ts';

/** What the C library says. */
export type FileProblem =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'File exists'
  | 'Directory not empty'
  | 'Disk quota exceeded'
  | 'No space left on device';

export class FileError extends Error {
  readonly problem: FileProblem;

  constructor(problem: FileProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** Who looks: a machine sees its own changes at once, and those of others later. The server has no name and sees all. */
export interface Viewer {
  readonly machine: string;
  readonly cwd: RemoteFolder;
}

export interface FilesDeps {
  readonly now: () => number;
  /** For how long a machine keeps a copy of a folder that it has looked into, and does not see what others change. */
  readonly delay: () => number;
  /** Whether any machine keeps copies at all. */
  readonly hasCopies: boolean;
  readonly quotaBytes: number | null;
}

interface Place {
  readonly folder: RemoteFolder;
  readonly name: string;
}

/** A shared file system: what is changed is changed at once on the server, and seen by others when they see it. */
export class RemoteFiles {
  readonly root = new RemoteFolder(null, '');
  readonly #deps: FilesDeps;
  usedBytes = 0;
  /** All that was ever written. */
  writtenBytes = 0;
  /** Nothing can be written as long as this is set. */
  full = false;

  constructor(deps: FilesDeps) {
    this.#deps = deps;
  }

  /** For how many milliseconds nobody has written to it. */
  quietFor(file: RemoteFile): number {
    return this.#deps.now() - file.changed;
  }

  get freeBytes(): number {
    const { quotaBytes } = this.#deps;
    return this.full ? 0 : (quotaBytes ?? 2 ** 50) - this.usedBytes;
  }

  // ------------------------------------------------------------------------------------------------ looking

  /** What is there, as the viewer sees it. @param follow whether a link at the end is followed */
  look(viewer: Viewer, path: string, follow = true): RemoteNode | null {
    let node: RemoteNode = path.startsWith('/') ? this.root : viewer.cwd;
    const parts = path.split('/');
    for (const [index, part] of parts.entries()) {
      if (part === '' || part === '.') continue;
      if (node.kind === 'link') {
        const behind = this.#behind(viewer, node);
        if (behind === null) return null;
        node = behind;
      }
      if (node.kind !== 'folder') return null;
      const next: RemoteNode | null = part === '..' ? (node.parent ?? node) : this.#seen(viewer, node, part);
      if (next === null) return null;
      node =
        next.kind === 'link' && index < parts.length - 1
          ? (this.#behind(viewer, next, node) ?? next)
          : next.kind === 'link' && follow
            ? (this.#behind(viewer, next, node) ?? next)
            : next;
      if (node.kind === 'link' && follow) return null;
    }
    return node;
  }

  file(viewer: Viewer, path: string): RemoteFile | null {
    const node = this.look(viewer, path);
    return node?.kind === 'file' ? node : null;
  }

  folder(viewer: Viewer, path: string): RemoteFolder | null {
    const node = this.look(viewer, path);
    return node?.kind === 'folder' ? node : null;
  }

  /** Names in a folder, sorted. */
  names(viewer: Viewer, folder: RemoteFolder): string[] {
    return [...folder.entries.keys()]
      .filter((name) => this.#seen(viewer, folder, name) !== null)
      .toSorted((a, b) => (a < b ? -1 : 1));
  }

  child(viewer: Viewer, folder: RemoteFolder, name: string): RemoteNode | null {
    return this.#seen(viewer, folder, name);
  }

  #behind(viewer: Viewer, link: RemoteLink, folder = viewer.cwd): RemoteNode | null {
    return this.look({ machine: viewer.machine, cwd: folder }, link.target);
  }

  #seen(viewer: Viewer, folder: RemoteFolder, name: string): RemoteNode | null {
    const entry = folder.entries.get(name);
    if (entry === undefined) return null;
    if (entry.by === viewer.machine || viewer.machine === '') return entry.node;
    if (entry.madeAt <= this.#copyOf(viewer, folder)) return entry.node;
    return entry.before;
  }

  /** As of when the machine sees the folder: as a whole, so nothing is seen before what is older. */
  #copyOf(viewer: Viewer, folder: RemoteFolder): number {
    const now = this.#deps.now();
    if (!this.#deps.hasCopies) return now;
    const copy = folder.copies.get(viewer.machine);
    if (copy !== undefined && now < copy.until) return copy.asOf;
    folder.copies.set(viewer.machine, { asOf: now, until: now + this.#deps.delay() });
    return now;
  }

  // ----------------------------------------------------------------------------------------------- changing

  /** @throws FileError */
  makeFolder(viewer: Viewer, path: string): RemoteFolder {
    const { folder, name } = this.#place(viewer, path);
    if (this.#touch(viewer, folder, name) !== null) throw new FileError('File exists');
    const made = new RemoteFolder(folder, name);
    this.#put(viewer, folder, name, made);
    return made;
  }

  makeFolders(viewer: Viewer, path: string): RemoteFolder {
    let folder = path.startsWith('/') ? this.root : viewer.cwd;
    for (const part of path.split('/')) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        folder = folder.parent ?? folder;
        continue;
      }
      let next = this.#touch(viewer, folder, part);
      if (next?.kind === 'link') next = this.#behind(viewer, next, folder);
      if (next === null) {
        next = new RemoteFolder(folder, part);
        this.#put(viewer, folder, part, next);
      }
      if (next.kind !== 'folder') throw new FileError('Not a directory');
      folder = next;
    }
    return folder;
  }

  /** Opens for writing, as `>` does. @throws FileError */
  create(viewer: Viewer, path: string, append = false): RemoteFile {
    const { folder, name } = this.#place(viewer, path);
    let there = this.#touch(viewer, folder, name);
    if (there?.kind === 'link') there = this.#behind(viewer, there, folder);
    if (there?.kind === 'folder') throw new FileError('Is a directory');
    if (there?.kind === 'file') {
      if (!append) {
        this.#resize(there, '');
        there.changed = this.#deps.now();
      }
      return there;
    }
    // an empty file needs space for its name
    this.#claim(0);
    const made = new RemoteFile();
    made.changed = this.#deps.now();
    this.#put(viewer, folder, name, made);
    return made;
  }

  /** @throws FileError where it does not fit: then nothing of it is written */
  append(file: RemoteFile, text: string): void {
    if (text === '') return;
    const added = Buffer.byteLength(text);
    this.#claim(added);
    file.text += text;
    file.changed = this.#deps.now();
    if (file.links > 0) this.usedBytes += added;
    this.writtenBytes += added;
  }

  /** @throws FileError */
  write(viewer: Viewer, path: string, content: Uint8Array | string, executable = false): RemoteFile {
    const file = this.create(viewer, path);
    const size = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
    this.#claim(size);
    this.#resize(file, content);
    file.executable = executable;
    this.writtenBytes += size;
    return file;
  }

  /** @throws FileError */
  rename(viewer: Viewer, from: string, to: string): void {
    const source = this.#place(viewer, from);
    const node = this.#touch(viewer, source.folder, source.name);
    if (node === null) throw new FileError('No such file or directory');
    let target = this.#place(viewer, to);
    const there = this.#touch(viewer, target.folder, target.name);
    if (there?.kind === 'folder') {
      // mv puts it into the folder
      target = { folder: there, name: source.name };
      if (this.#touch(viewer, there, source.name)?.kind === 'folder')
        throw new FileError('Directory not empty');
    }
    source.folder.entries.delete(source.name);
    this.#put(viewer, target.folder, target.name, node);
    this.#unlinked(node);
    if (node.kind === 'folder') {
      node.parent = target.folder;
      node.name = target.name;
    }
  }

  /** A hard link. @throws FileError */
  link(viewer: Viewer, from: string, to: string): void {
    const node = this.look(viewer, from, false);
    if (node === null) throw new FileError('No such file or directory');
    if (node.kind !== 'file') throw new FileError('Is a directory');
    const { folder, name } = this.#place(viewer, to);
    if (this.#touch(viewer, folder, name) !== null) throw new FileError('File exists');
    this.#claim(0);
    this.#put(viewer, folder, name, node);
  }

  symlink(viewer: Viewer, target: string, path: string): void {
    const { folder, name } = this.#place(viewer, path);
    if (this.#touch(viewer, folder, name) !== null) throw new FileError('File exists');
    this.#put(viewer, folder, name, new RemoteLink(target));
  }

  /** With all that is in it. Nothing happens where it is not there. */
  remove(viewer: Viewer, path: string): boolean {
    const place = this.#placeOrNull(viewer, path);
    if (place === null) return false;
    const node = this.#touch(viewer, place.folder, place.name);
    if (node === null) return false;
    place.folder.entries.delete(place.name);
    this.#gone(node);
    return true;
  }

  #gone(node: RemoteNode): void {
    if (node.kind === 'file') this.#unlinked(node);
    if (node.kind !== 'folder') return;
    for (const { node: inner } of node.entries.values()) this.#gone(inner);
    node.entries.clear();
    // who still stands in it stands nowhere
    node.parent = new RemoteFolder(null, '(gone)');
  }

  #unlinked(node: RemoteNode): void {
    if (node.kind !== 'file') return;
    node.links--;
    if (node.links === 0) this.usedBytes -= node.size;
  }

  #put(viewer: Viewer, folder: RemoteFolder, name: string, node: RemoteNode): void {
    if (!folder.isThere) throw new FileError('No such file or directory');
    const before = folder.entries.get(name)?.node ?? null;
    folder.entries.set(name, { node, by: viewer.machine, madeAt: this.#deps.now(), before });
    if (node.kind === 'file') {
      node.links++;
      if (node.links === 1) this.usedBytes += node.size;
    }
    if (before !== null && before !== node) this.#gone(before);
  }

  /** What the server has there. Who changes a folder asks the server, and has it right from then on. */
  #touch(viewer: Viewer, folder: RemoteFolder, name: string): RemoteNode | null {
    folder.copies.delete(viewer.machine);
    return folder.entries.get(name)?.node ?? null;
  }

  #resize(file: RemoteFile, content: Uint8Array | string): void {
    const before = file.size;
    if (typeof content === 'string') file.text = content;
    else file.bytes = content;
    if (file.links > 0) this.usedBytes += file.size - before;
  }

  #claim(bytes: number): void {
    if (this.full) throw new FileError('No space left on device');
    const { quotaBytes } = this.#deps;
    if (quotaBytes !== null && this.usedBytes + bytes > quotaBytes)
      throw new FileError('Disk quota exceeded');
  }

  #place(viewer: Viewer, path: string): Place {
    const place = this.#placeOrNull(viewer, path);
    if (place === null) throw new FileError('No such file or directory');
    return place;
  }

  #placeOrNull(viewer: Viewer, path: string): Place | null {
    const clean = path.replace(/\/+$/, '');
    const slash = clean.lastIndexOf('/');
    const name = clean.slice(slash + 1);
    const folder =
      slash < 0 ? viewer.cwd : slash === 0 ? this.root : this.folder(viewer, clean.slice(0, slash));
    if (folder === null || name === '' || name === '.' || name === '..') return null;
    return { folder, name };
  }
}
