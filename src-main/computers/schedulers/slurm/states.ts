import type { JobFacts } from '../../../engine/ports.ts';
import type { EndCause } from '../scheduler.ts';

type State = JobFacts['state'];

interface Meaning {
  readonly code: string;
  readonly state: State;
  readonly cause: EndCause | null;
}

const active = (code: string, state: State): Meaning => ({ code, state, cause: null });
const final = (code: string, cause: EndCause): Meaning => ({ code, state: 'done', cause });

/**
 * Every state word of squeue(1) and sacct(1), Slurm 14 to 25, with its short form. `REVOKED` (a job of a federation
 * that another cluster has started) is not an end: it runs elsewhere.
 */
export const slurmStates: Readonly<Record<string, Meaning>> = {
  PENDING: active('PD', 'queued'),
  CONFIGURING: active('CF', 'queued'),
  REQUEUED: active('RQ', 'queued'),
  REQUEUE_FED: active('RF', 'queued'),
  REQUEUE_HOLD: active('RH', 'queued held'),
  RESV_DEL_HOLD: active('RD', 'queued held'),
  SPECIAL_EXIT: active('SE', 'queued held'),
  POWER_UP_NODE: active('PU', 'queued'),
  EXPEDITING: active('EX', 'queued'),
  RUNNING: active('R', 'running'),
  COMPLETING: active('CG', 'running'),
  RESIZING: active('RS', 'running'),
  SIGNALING: active('SI', 'running'),
  STAGE_OUT: active('SO', 'running'),
  UPDATE_DB: active('UD', 'running'),
  SUSPENDED: active('S', 'suspended'),
  STOPPED: active('ST', 'suspended'),
  REVOKED: active('RV', 'undetermined'),
  COMPLETED: final('CD', 'done'),
  FAILED: final('F', 'done'),
  TIMEOUT: final('TO', 'walltime'),
  DEADLINE: final('DL', 'walltime'),
  OUT_OF_MEMORY: final('OOM', 'memory'),
  NODE_FAIL: final('NF', 'node-failure'),
  BOOT_FAIL: final('BF', 'node-failure'),
  LAUNCH_FAILED: final('LF', 'node-failure'),
  RECONFIG_FAIL: final('RE', 'node-failure'),
  CANCELLED: final('CA', 'cancelled'),
  PREEMPTED: final('PR', 'cancelled'),
};

const byCode = new Map(Object.entries(slurmStates).map(([word, { code }]) => [code, word]));
const words = Object.keys(slurmStates);

/** The full word of what Slurm printed (`CANCELLED by 1000`, `OUT_OF_ME+`, `PD`); null where it is none or unclear. */
export function slurmWord(printed: string): string | null {
  const text = printed.trim().toUpperCase();
  const [first = ''] = text.split(/\s/);
  if (Object.hasOwn(slurmStates, first)) return first;
  if (first.endsWith('+') && first.length >= 3) {
    const beginning = first.slice(0, -1);
    const fits = words.filter((word) => word.startsWith(beginning));
    return fits.length === 1 ? (fits[0] ?? null) : null;
  }
  return byCode.get(first) ?? null;
}

const heldReasons = new Set(['Dependency', 'JobHeldUser', 'JobHeldAdmin', 'BeginTime']);

/** A word that is not known is no state at all, and never an end. */
export function slurmState(printed: string, reason: string): State {
  const word = slurmWord(printed);
  if (word === null) return 'undetermined';
  const { state } = slurmStates[word] ?? active('', 'undetermined');
  return state === 'queued' && heldReasons.has(reason) ? 'queued held' : state;
}

/** Why a job ended; null while it is active and for a word that is not known. */
export function slurmCause(printed: string): EndCause | null {
  const word = slurmWord(printed);
  return word === null ? null : (slurmStates[word]?.cause ?? null);
}
