import { NameBook } from './safe-name.ts';

/** Safe paths for the files of one node: each name safe, none twice, none a file and a folder. */
export class TreeNames {
  readonly #folders = new Map<string, { readonly book: NameBook; readonly known: Map<string, string> }>();

  /** @param taken names at the top that something else has */
  constructor(taken: Iterable<string> = []) {
    const { book } = this.#folder('');
    for (const name of taken) book.take(name);
  }

  place(path: string): string {
    const parts = path.split('/');
    const placed: string[] = [];
    for (const [i, part] of parts.entries()) {
      const inside = this.#folder(parts.slice(0, i).join('/'));
      const known = i < parts.length - 1 ? inside.known.get(part) : undefined;
      const name = known ?? inside.book.take(part);
      if (i < parts.length - 1) inside.known.set(part, name);
      placed.push(name);
    }
    return placed.join('/');
  }

  #folder(path: string): { readonly book: NameBook; readonly known: Map<string, string> } {
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      folder = { book: new NameBook(), known: new Map() };
      this.#folders.set(path, folder);
    }
    return folder;
  }
}
