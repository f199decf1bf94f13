import { rawEntry, rawZip, writeRawZip, type RawEntry, type RawZip } from '../support/raw-zip.ts';
import type { Dice } from './dice.ts';
import { tarOf, type TarEntry } from './tar.ts';

export const layers = ['zip', 'tar', 'sqlite', 'json', 'npy'] as const;
export type Layer = (typeof layers)[number];

export type Container = 'zip' | 'tar' | 'tar.gz';

/** An archive before anything is wrong with it. */
export interface Source {
  readonly name: string;
  /** Of its format, as its metadata say; empty where they say none. */
  readonly version: string;
  readonly container: Container;
  readonly entries: readonly { readonly name: string; readonly data: Buffer }[];
}

/** An archive that is being spoilt: its entries, then the container around them, then the bytes of all. */
export class Draft {
  container: Container;
  /** What is in `data` belongs to the source: it is replaced, never written to. */
  readonly entries: { name: string; data: Buffer }[];
  /** Done to the container when it is put together. */
  readonly zipChanges: ((zip: RawZip) => void)[] = [];
  readonly tarChanges: ((entries: TarEntry[]) => void)[] = [];
  readonly byteChanges: ((bytes: Buffer) => Buffer)[] = [];
  /** An empty folder for whoever needs files. */
  readonly folder: string;

  constructor({ container, entries }: Source, folder: string) {
    this.container = container;
    this.entries = entries.map((entry) => ({ ...entry }));
    this.folder = folder;
  }

  entry(name: string): { name: string; data: Buffer } | undefined {
    return this.entries.find((entry) => entry.name === name);
  }

  put(name: string, data: Buffer): void {
    const there = this.entry(name);
    if (there === undefined) this.entries.push({ name, data });
    else there.data = data;
  }

  bytes(): Buffer {
    let bytes: Buffer;
    if (this.container === 'zip') {
      const zip = rawZip(this.entries.map(({ name, data }) => packed(name, data)));
      for (const change of this.zipChanges) change(zip);
      bytes = writeRawZip(zip);
    } else {
      const entries = this.entries.map(({ name, data }): TarEntry => ({ name, data, lies: {} }));
      for (const change of this.tarChanges) change(entries);
      bytes = tarOf(entries, this.container === 'tar.gz');
    }
    for (const change of this.byteChanges) bytes = change(bytes);
    return bytes;
  }
}

/** Most entries of a mutant are those of its source: they are packed once. */
const known = new WeakMap<Buffer, Pick<RawEntry, 'packed' | 'crc' | 'size' | 'compressedSize'>>();

function packed(name: string, data: Buffer): RawEntry {
  const bytes = Buffer.from(name, 'latin1');
  if (name === 'metadata.json') return rawEntry(bytes, data, { stored: true });
  const before = known.get(data);
  if (before !== undefined) return rawEntry(bytes, '', before);
  const entry = rawEntry(bytes, data);
  const { packed, crc, size, compressedSize } = entry;
  known.set(data, { packed, crc, size, compressedSize });
  return entry;
}

/** One thing that can be wrong. */
export interface Fault {
  readonly name: string;
  /** @returns false where this archive has nothing to do it to */
  readonly apply: (draft: Draft, dice: Dice) => boolean | void;
}
