import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Dirent,
} from 'node:fs';
import path from 'node:path';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { recordsDamaged, recordsTooLarge } from './record-errors.ts';

/** How much a folder of records may ask of us. */
const budgets = { json: 16e6, file: 50e6, total: 500e6, entries: 500_000, depth: 20 } as const;

/** A folder of somebody: read only, links never followed, within budgets. */
export class RecordFiles {
  readonly root: string;
  #bytes = 0;
  #entries = 0;

  constructor(root: string) {
    this.root = root;
  }

  /** The content of a regular file; null where there is none, or what is there is a link or something else. */
  read(name: string, most: number = budgets.json): Buffer | null {
    const file = path.join(this.root, name);
    if (!this.isWithin(name)) return null;
    // a pipe must not be opened: that would wait for whoever writes into it
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
    const fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const { size } = fstatSync(fd);
      if (size > most) throw recordsTooLarge(`“${name}” has ${size} bytes`);
      this.#bytes += size;
      if (this.#bytes > budgets.total) throw recordsTooLarge('all files together have more than 500 MB');
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** @returns null where there is no such file @throws StemmaError `records-damaged` where it is no JSON object */
  json(name: string): Readonly<Record<string, PyJson>> | null {
    const bytes = this.read(name);
    return bytes === null ? null : jsonObject(bytes.toString('utf8'), name);
  }

  /** What lies in a folder, by name; empty where it is none, or a link to one. */
  list(name: string): readonly Dirent[] {
    if (!this.isWithin(name)) return [];
    if (lstatSync(path.join(this.root, name), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    const entries = readdirSync(path.join(this.root, name), { withFileTypes: true });
    this.#entries += entries.length;
    if (this.#entries > budgets.entries)
      throw recordsTooLarge(`there are more than ${budgets.entries} files`);
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Each regular file below a folder, with its path from there; what is too large is named to `left`. */
  *below(
    name: string,
    left: (path: string) => void,
    depth = 0,
  ): Generator<readonly [path: string, content: Buffer]> {
    if (depth > budgets.depth) throw recordsTooLarge(`“${name}” is nested too deeply`);
    for (const entry of this.list(name)) {
      const place = `${name}/${entry.name}`;
      if (entry.isDirectory()) {
        for (const [inner, content] of this.below(place, left, depth + 1))
          yield [`${entry.name}/${inner}`, content];
      } else if (entry.isFile()) {
        const { size } = lstatSync(path.join(this.root, place));
        if (size > budgets.file) left(place);
        else {
          const content = this.read(place, budgets.file);
          if (content !== null) yield [entry.name, content];
        }
      } else left(place);
    }
  }

  /** No part of the way to it is a link, and none leads up. */
  isWithin(name: string): boolean {
    const parts = name.split('/');
    if (parts.some((part) => part === '..' || part.includes('\0'))) return false;
    return parts.slice(0, -1).every((_part, i) => {
      const folder = path.join(this.root, ...parts.slice(0, i + 1));
      return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    });
  }
}

/**
 * A JSON text as Python writes it (`NaN`, integers of any size). @throws StemmaError `records-damaged` for all but an
 * object
 */
export function jsonObject(text: string, name: string): Readonly<Record<string, PyJson>> {
  let value: PyJson;
  try {
    value = readPyJson(text);
  } catch (error) {
    throw recordsDamaged(name, `“${name}”: ${(error as Error).message}`);
  }
  if (isObject(value)) return value;
  throw recordsDamaged(name, `“${name}” is not a JSON object`);
}

/** A JSON object, and none of the classes (`PyFloat` …) by which `readPyJson` keeps what JavaScript has no type for. */
export const isObject = (value: PyJson | undefined): value is Readonly<Record<string, PyJson>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) === null;

/** Null for whatever is no string: records of a stranger are not trusted to have the type that they should. */
export const textOf = (value: PyJson | undefined): string | null =>
  typeof value === 'string' ? value : null;

/** The strings of a list; what else is in it is left out, and no list is an empty one. */
export const textsOf = (value: PyJson | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
