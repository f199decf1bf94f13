import type { TransportCause } from '#shared/process/causes.ts';

/** How often what goes wrong: a probability from 0 to 1 for each opportunity, which is named. */
export interface Faults {
  // ------------------------------------------------------------------------------------- each login
  /** It ends with `unreachable` or, one time in ten, with `throttled`. */
  readonly dialFails: number;
  /** It ends with an error that only a person can mend (`auth-needed`, `host-key-changed`, …). */
  readonly dialNeedsPerson: number;

  // ----------------------------------------------------------------------- each command or transfer
  /** The link dies before the command was begun. */
  readonly loseRequest: number;
  /** The command runs to its end, and the link dies before anything of its answer came. */
  readonly executeThenLoseReply: number;
  /** The link dies at some moment of the command, which goes on alone, or ends where it does not ignore that. */
  readonly cutLink: number;
  /** The answer is cut off; the link lives. */
  readonly truncateReply: number;
  /** Something else gets into the answer; the link lives. */
  readonly garbleReply: number;
  /** The answer takes long: up to twice the silence that the asker bears. */
  readonly slowReply: number;
  /** No answer comes any more, to nothing; after a while the keepalive finds the link dead. */
  readonly hang: number;
  /** A work directory of some job is wiped, whatever runs there. */
  readonly scratchWiped: number;

  // ------------------------------------------------------------------------ each scheduler command
  /** The controller is down from now on, for some seconds to as long as the site's rules say. */
  readonly schedulerDown: number;
  /** A list of the queue without a line and with exit code 0, as from a controller that has just begun. */
  readonly emptyListing: number;
  /** `Socket timed out`, and the job was accepted. */
  readonly sbatchTimesOutButAccepts: number;
  /** `Socket timed out`, and the job was not accepted. */
  readonly sbatchTimesOutAndRefuses: number;
  /** `Socket timed out`, and the job is accepted once the controller gets to it: up to a quarter of an hour later. */
  readonly sbatchAcceptsLate: number;

  // -------------------------------------------------------------------------------- each submission
  /** The wrapper is killed before any one of its commands. */
  readonly wrapperKilledMidway: number;

  // --------------------------------------------------------------------------------------- each job
  /** It waits for as long as this fault is not 0. */
  readonly jobNeverStarts: number;
  /**
   * Its machine dies while it runs: `NODE_FAIL`, and a moment later it is back in the queue where it may be. Without a
   * scheduler: the login node boots anew.
   */
  readonly nodeFails: number;
  /** It ends as `PREEMPTED`, and is put back into the queue a moment later where it may be. */
  readonly preempt: number;
  /** An administrator puts it back into the queue, with the same id. */
  readonly requeue: number;
  readonly walltimeKill: number;
  readonly memoryKill: number;
  readonly cancelledByAdmin: number;
  readonly jobExitsNonZero: number;

  // ----------------------------------------------------------------------------------- each upload
  /** The disk is full before its end. */
  readonly diskFull: number;
  /** The link dies in the middle of a file. */
  readonly uploadCutMidFile: number;
  /** One bit of a file that is sent or fetched differs. */
  readonly bitFlip: number;
}

export const noFaults: Faults = {
  dialFails: 0,
  dialNeedsPerson: 0,
  loseRequest: 0,
  executeThenLoseReply: 0,
  cutLink: 0,
  truncateReply: 0,
  garbleReply: 0,
  slowReply: 0,
  hang: 0,
  scratchWiped: 0,
  schedulerDown: 0,
  emptyListing: 0,
  sbatchTimesOutButAccepts: 0,
  sbatchTimesOutAndRefuses: 0,
  sbatchAcceptsLate: 0,
  wrapperKilledMidway: 0,
  jobNeverStarts: 0,
  nodeFails: 0,
  preempt: 0,
  requeue: 0,
  walltimeKill: 0,
  memoryKill: 0,
  cancelledByAdmin: 0,
  jobExitsNonZero: 0,
  diskFull: 0,
  uploadCutMidFile: 0,
  bitFlip: 0,
};

/** Errors of a login that only a person can mend. */
export const personCauses = [
  'auth-needed',
  'auth-refused',
  'agent-unavailable',
  'host-key-changed',
] as const satisfies readonly TransportCause[];
