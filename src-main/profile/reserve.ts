import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';

const pieceBytes = 1 << 20;

/** A file that only holds a place on the disk. */
export interface Reserve {
  /** Whether it is there, as large as it should be. */
  held(bytes: number): Promise<boolean>;
  /** Resolves once the disk has given the room; not made, and no error, where it has not. */
  make(bytes: number): Promise<void>;
  /** Gives the room back, at once. */
  release(): void;
}

/** Really allocated: bytes that no file system can leave out or make smaller, and synced. */
export function fileReserve(file: string): Reserve {
  const release = (): void => rmSync(file, { force: true });
  return {
    async held(bytes) {
      try {
        return (await stat(file)).size === bytes;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw thrown;
      }
    },
    async make(bytes) {
      release();
      const handle = await open(file, 'wx', 0o600);
      try {
        for (let left = bytes; left > 0; left -= pieceBytes) {
          await handle.appendFile(randomBytes(Math.min(pieceBytes, left)));
        }
        await handle.sync();
      } catch (thrown) {
        release();
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
      } finally {
        await handle.close();
      }
    },
    release,
  };
}
