/**
 * What a test and the faults in all threads of a process share: a count of the calls that could fail, and which of them
 * does. The memory is shared by `setEnvironmentData`, so that a worker has it before its first line runs.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** Calls that a disk, a database or a system may refuse. The order is stored in shared memory. */
export const faultyCalls = [
  'write',
  'fsync',
  'rename',
  'open',
  'make directory',
  'remove',
  'read file',
  'SQL read',
  'SQL write',
  'SQL commit',
  'exec',
] as const;
export type FaultyCall = (typeof faultyCalls)[number];

/** Calls after which nothing is as it was. A program that loads its modules makes thousands of the others. */
const changes: ReadonlySet<FaultyCall> = new Set([
  'write',
  'fsync',
  'rename',
  'make directory',
  'remove',
  'SQL write',
  'SQL commit',
  'exec',
]);

/** `fail`: the call throws instead. `kill`: SIGKILL for the whole process before the call, or right after it. */
export const faultActions = ['count', 'fail', 'kill before', 'kill after'] as const;
export type FaultAction = (typeof faultActions)[number];

const key = 'stemma-faults';
const cell = { armed: 0, count: 1, target: 2, action: 3, error: 4, fired: 5, only: 6 } as const;

export interface FaultPlan {
  /** Which call from now on: 1 is the next one. */
  readonly at: number;
  readonly action: FaultAction;
  /** Which of the errors that such a call may have. */
  readonly error: number;
  /** Only such calls are counted and hit; `changes`: those that change something. */
  readonly only?: FaultyCall | 'changes';
}

function cells(): Int32Array {
  let shared = getEnvironmentData(key) as SharedArrayBuffer | undefined;
  if (shared === undefined) {
    if (!isMainThread) throw new Error('A thread that began before the faults were installed');
    shared = new SharedArrayBuffer(4 * Object.keys(cell).length);
    setEnvironmentData(key, shared);
  }
  return new Int32Array(shared);
}

const memory = cells();
const codeOf = (call: FaultyCall): number => faultyCalls.indexOf(call) + 1;

/** From now on calls are counted, and the one that the plan names meets its fate. */
export function arm(plan: FaultPlan): void {
  memory[cell.count] = 0;
  memory[cell.fired] = 0;
  memory[cell.target] = plan.at;
  memory[cell.action] = faultActions.indexOf(plan.action);
  memory[cell.error] = plan.error;
  memory[cell.only] = plan.only === undefined ? 0 : plan.only === 'changes' ? -1 : codeOf(plan.only);
  Atomics.store(memory, cell.armed, 1);
}

/** @returns how many calls there were, and which one was hit; null where there were too few */
export function disarm(): { readonly calls: number; readonly hit: FaultyCall | null } {
  Atomics.store(memory, cell.armed, 0);
  const hit = faultyCalls[Atomics.load(memory, cell.fired) - 1] ?? null;
  return { calls: Atomics.load(memory, cell.count), hit };
}

/** Before each call, in any thread: what becomes of it. */
export function meet(call: FaultyCall): { readonly action: FaultAction; readonly error: number } | null {
  if (Atomics.load(memory, cell.armed) === 0) return null;
  const only = memory[cell.only] ?? 0;
  if (only === -1 ? !changes.has(call) : only !== 0 && only !== codeOf(call)) return null;
  const number = Atomics.add(memory, cell.count, 1) + 1;
  if (number !== memory[cell.target]) return null;
  const action = faultActions[memory[cell.action] ?? 0] ?? 'count';
  if (action === 'count') return null;
  Atomics.store(memory, cell.fired, codeOf(call));
  return { action, error: memory[cell.error] ?? 0 };
}
