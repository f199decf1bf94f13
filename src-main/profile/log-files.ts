import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LogSink {
  write(line: string): void;
  close(): void;
}

export interface LogFileLimits {
  /** Of one file. */
  readonly bytes: number;
  /** The running one included. */
  readonly files: number;
}

/** `stemma.jsonl`, and `stemma.1.jsonl` (the last) to `stemma.9.jsonl` (the oldest): at most 100 MB for ever. */
export function openLogFiles(
  folder: string,
  limits: LogFileLimits = { bytes: 10_000_000, files: 10 },
): LogSink {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = (number: number): string =>
    join(folder, number === 0 ? 'stemma.jsonl' : `stemma.${number}.jsonl`);
  const openNewest = (): { readonly descriptor: number; size: number } => {
    const descriptor = openSync(name(0), 'a', 0o600);
    return { descriptor, size: fstatSync(descriptor).size };
  };
  const rotate = (): void => {
    rmSync(name(limits.files - 1), { force: true });
    for (let number = limits.files - 2; number >= 0; number--) {
      try {
        renameSync(name(number), name(number + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  };

  let newest: ReturnType<typeof openNewest> | null = openNewest();
  let closed = false;
  return {
    write(line) {
      if (closed) return;
      const bytes = Buffer.from(line);
      if (newest !== null && newest.size > 0 && newest.size + bytes.length > limits.bytes) {
        // Closed first: Windows renames no open file. Where a step fails, the next line tries again.
        const full = newest;
        newest = null;
        closeSync(full.descriptor);
        rotate();
      }
      newest ??= openNewest();
      // Synchronous: a line that was logged is with the operating system before the effect that it announces.
      newest.size += writeSync(newest.descriptor, bytes);
    },
    close() {
      closed = true;
      if (newest !== null) closeSync(newest.descriptor);
      newest = null;
    },
  };
}
