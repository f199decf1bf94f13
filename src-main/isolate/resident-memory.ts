import { readFileSync } from 'node:fs';

/** Linux has pages of 4 kB on everything we run on but some ARM servers; there the limit is stricter than said. */
const pageBytes = 4096;

/**
 * Bytes that a process has in memory, where the system says so in a file (Linux). Elsewhere null: there a child is held
 * back by its deadline and the limit of its heap alone.
 */
export function residentMemory(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    return Number(resident) * pageBytes;
  } catch {
    // It has just ended; its exit is told in another way.
    return null;
  }
}
