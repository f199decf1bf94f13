import { rawEntry, rawZip, writeRawZip, type RawZip } from '../support/raw-zip.ts';
import type { Dice } from './dice.ts';
import { tarOf } from './tar.ts';

export type Layer = 'zip' | 'sqlite' | 'json' | 'npy';
export const layers: readonly Layer[] = ['zip', 'sqlite', 'json', 'npy'];

export type Container = 'zip' | 'tar' | 'tar.gz';

/** An archive before anything is wrong with it. */
export interface Source {
  readonly name: string;
  readonly container: Container;
  readonly entries: readonly { readonly name: string; readonly data: Buffer }[];
}

/** An archive that is being spoilt: its entries, then the container around them, then the bytes of all. */
export class Draft {
  readonly container: Container;
  readonly entries: { name: string; data: Buffer }[];
  /** Done to the container when it is put together. */
  readonly zipChanges: ((zip: RawZip) => void)[] = [];
  readonly byteChanges: ((bytes: Buffer) => Buffer)[] = [];
  /** An empty folder for whoever needs files. */
  readonly folder: string;

  constructor({ container, entries }: Source, folder: string) {
    this.container = container;
    this.entries = entries.map(({ name, data }) => ({ name, data: Buffer.from(data) }));
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
      const zip = rawZip(
        this.entries.map(({ name, data }) =>
          rawEntry(Buffer.from(name, 'latin1'), data, { stored: name === 'metadata.json' }),
        ),
      );
      for (const change of this.zipChanges) change(zip);
      bytes = writeRawZip(zip);
    } else {
      bytes = tarOf(this.entries, this.container === 'tar.gz');
    }
    for (const change of this.byteChanges) bytes = change(bytes);
    return bytes;
  }
}

/** One thing that can be wrong. */
export interface Fault {
  readonly name: string;
  /** @returns false where this archive has nothing to do it to */
  readonly apply: (draft: Draft, dice: Dice) => boolean | void;
}
