/** Why a process ended as it did. Status 0 is success; `invalidatesCache` keeps the result out of caching. */
export interface ExitCode {
  readonly status: number;
  readonly label: string;
  readonly message: string;
  readonly invalidatesCache?: boolean | undefined;
}

/**
 * The exit codes that AiiDA reserves: 0-99 for any process, 100-199 for calculation jobs and schedulers
 * (aiida-core 2.9, `engine/processes/process.py` and `calcjobs/calcjob.py`). Plugins use 200 and above.
 */
export const coreExitCodes = {
  unspecified: { status: 1, label: 'ERROR_UNSPECIFIED', message: 'The process failed without saying why.' },
  invalidOutput: {
    status: 10,
    label: 'ERROR_INVALID_OUTPUT',
    message: 'The process returned an output that its specification does not allow.',
  },
  missingOutput: {
    status: 11,
    label: 'ERROR_MISSING_OUTPUT',
    message: 'The process did not make a required output.',
  },
  noRetrievedFolder: {
    status: 100,
    label: 'ERROR_NO_RETRIEVED_FOLDER',
    message: 'The files of the job could not be retrieved.',
  },
  outOfMemory: {
    status: 110,
    label: 'ERROR_SCHEDULER_OUT_OF_MEMORY',
    message: 'The job ran out of memory.',
  },
  outOfWalltime: {
    status: 120,
    label: 'ERROR_SCHEDULER_OUT_OF_WALLTIME',
    message: 'The job ran out of walltime.',
  },
  invalidAccount: {
    status: 131,
    label: 'ERROR_SCHEDULER_INVALID_ACCOUNT',
    message: 'The scheduler refused the account.',
  },
  nodeFailure: {
    status: 140,
    label: 'ERROR_SCHEDULER_NODE_FAILURE',
    message: 'A node of the cluster failed during the job.',
  },
  submissionRefused: {
    status: 141,
    label: 'ERROR_SUBMISSION_REFUSED',
    message: 'The scheduler refused the job.',
  },
  stoppedByMonitor: {
    status: 150,
    label: 'STOPPED_BY_MONITOR',
    message: 'A monitor stopped the job.',
  },
} as const satisfies Record<string, ExitCode>;
