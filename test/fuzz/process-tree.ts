import { readFileSync, readdirSync } from 'node:fs';
import { residentMemory } from '#main/isolate/resident-memory.ts';

export interface Running {
  readonly pid: number;
  /** In memory; what processes share counts in each. */
  readonly bytes: number;
}

/** A process and all that it has started, first itself; empty where it has ended. Linux alone tells. */
export function processTree(root: number): readonly Running[] {
  if (process.platform !== 'linux') return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    // what it has started is younger
    if (!(pid > root)) continue;
    const parent = parentOf(pid);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const visit = (pid: number): Running[] => {
    const bytes = residentMemory(pid);
    // one that has ended has no memory, until it is asked how
    if (bytes === null || bytes === 0) return [];
    return [{ pid, bytes }, ...(children.get(pid) ?? []).flatMap(visit)];
  };
  return visit(root);
}

/** Source: proc(5), `/proc/pid/stat`; the name of the program, in parentheses, may hold anything. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // it has just ended
    return null;
  }
}
