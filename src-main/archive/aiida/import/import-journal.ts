import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What an import had before it when it began to store files. */
const journal = z.object({ files: z.number(), bytes: z.number() });
export type ImportJournal = z.infer<typeof journal>;

const prefix = 'import-';
const suffix = '.json';
/** Notes of imports that were never finished; the oldest go first. */
const most = 20;

/**
 * A note that an import of this archive has begun to store files. It goes when the import is complete: where it is found
 * later, the import was stopped, and the next one can say how much of its work is done. Files are found by their hashes,
 * so nothing depends on it.
 */
export class JournalFile {
  readonly #folder: string;
  readonly #file: string;

  constructor(cache: string, fingerprint: string) {
    this.#folder = cache;
    this.#file = path.join(cache, `${prefix}${fingerprint}${suffix}`);
  }

  /** null where no import was stopped, or its note cannot be read. */
  read(): ImportJournal | null {
    try {
      return journal.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return null;
    }
  }

  write(content: ImportJournal): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.#file, JSON.stringify(content), { mode: 0o600 });
    const age = (name: string): number => statSync(path.join(this.#folder, name)).mtimeMs;
    const notes = readdirSync(this.#folder).filter(
      (name) => name.startsWith(prefix) && name.endsWith(suffix),
    );
    if (notes.length <= most) return;
    const byAge = notes.map((name) => ({ name, age: age(name) })).toSorted((a, b) => b.age - a.age);
    for (const { name } of byAge.slice(most)) rmSync(path.join(this.#folder, name), { force: true });
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}
