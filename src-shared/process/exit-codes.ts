/** Why a process ended as it did. Status 0 is success; `invalidatesCache` keeps the result out of caching. */
export interface ExitCode {
  readonly status: number;
  readonly label: string;
  readonly message: string;
  readonly invalidatesCache?: boolean | undefined;
}

const code = (status: number, label: string, message: string): Required<ExitCode> => ({
  status,
  label,
  message,
  invalidatesCache: true,
});

/**
 * The exit codes that AiiDA reserves: 0-99 for any process, 100-199 for calculation jobs and schedulers
 * (aiida-core 2.9, `engine/processes/process.py` and `calcjobs/calcjob.py`). Plugins use 200 and above. 141 and 142
 * are ours, from the range of the schedulers, for what AiiDA has no number.
 */
export const coreExitCodes = {
  unspecified: code(1, 'ERROR_UNSPECIFIED', 'The process failed without saying why.'),
  /** Only in what was migrated from before AiiDA had exit codes. */
  legacyFailure: code(2, 'ERROR_LEGACY_FAILURE', 'The process failed in a way that is not known any more.'),
  invalidOutput: code(
    10,
    'ERROR_INVALID_OUTPUT',
    'The process returned an output that its specification does not allow.',
  ),
  missingOutput: code(11, 'ERROR_MISSING_OUTPUT', 'The process did not make a required output.'),
  noRetrievedFolder: code(100, 'ERROR_NO_RETRIEVED_FOLDER', 'The files of the job could not be retrieved.'),
  outOfMemory: code(110, 'ERROR_SCHEDULER_OUT_OF_MEMORY', 'The job ran out of memory.'),
  outOfWalltime: code(120, 'ERROR_SCHEDULER_OUT_OF_WALLTIME', 'The job ran out of walltime.'),
  invalidAccount: code(131, 'ERROR_SCHEDULER_INVALID_ACCOUNT', 'The scheduler refused the account.'),
  nodeFailure: code(140, 'ERROR_SCHEDULER_NODE_FAILURE', 'A node of the cluster failed during the job.'),
  submissionRefused: code(141, 'ERROR_SUBMISSION_REFUSED', 'The scheduler refused the job.'),
  cancelledOutside: code(142, 'ERROR_CANCELLED_OUTSIDE', 'The job was cancelled outside of Stemma.'),
  stoppedByMonitor: code(150, 'STOPPED_BY_MONITOR', 'A monitor stopped the job.'),
  stashingFailed: code(160, 'ERROR_STASHING_FAILED', 'The files of the job could not be stashed.'),
} as const satisfies Record<string, ExitCode>;

/**
 * What a restart workflow ends with by itself. 301 to 402 are AiiDA's numbers (aiida-core 2.9,
 * `workchains/restart.py`); 410 and 411 are ours.
 */
export const restartExitCodes = {
  ERROR_SUB_PROCESS_EXCEPTED: { status: 301, message: 'Iteration {iteration} broke off: {reason}' },
  ERROR_SUB_PROCESS_KILLED: { status: 302, message: 'Iteration {iteration} was killed.' },
  ERROR_MAXIMUM_ITERATIONS_EXCEEDED: {
    status: 401,
    message: 'It ran {iterations} times, which is the limit. The last run ended with {ending}',
  },
  ERROR_UNHANDLED_FAILURE: {
    status: 402,
    message: 'No handler knows what to do about exit status {status}: {reason}',
  },
  ERROR_HANDLER_GAVE_UP: { status: 410, message: 'The handler {handler} gave up: {says}' },
  ERROR_STOPPED_BY_PERSON: { status: 411, message: '{by} ended it after iteration {iteration}.' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;
