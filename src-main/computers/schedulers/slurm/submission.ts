import type { Submission } from '../scheduler.ts';

/**
 * Messages after which the job surely was not accepted and would be refused again (errors of slurm_submit_batch_job,
 * `slurm_errno.c`, and of sbatch's own check of options).
 */
const refusals: readonly RegExp[] = [
  /invalid account/i,
  /invalid partition/i,
  /invalid qos/i,
  /invalid (feature|constraint|gres|license|reservation|dependency|wckey)/i,
  /invalid generic resource/i,
  /requested node configuration is not available/i,
  /requested time limit is invalid/i,
  /requested partition configuration not available/i,
  /memory specification can not be satisfied/i,
  /node count specification invalid/i,
  /more processors requested than permitted/i,
  /cpu count per node can not be satisfied/i,
  /batch script contains dos line breaks/i,
  /does not look like a batch script|batch script is empty|line must start with #!/i,
  /unable to open file|unable to read (the )?script/i,
  /unrecognized option|invalid option|invalid argument|invalid number|invalid time limit specification|invalid numeric value/i,
  /access\/permission denied/i,
  /group not permitted to use this partition/i,
  /user not found|user id is not valid|invalid user id/i,
  /job submit.*(rejected|denied)/i,
  /(wall|time|cpu|node|gres|mem|billing)[a-z]*(perjob|minutesperjob)[a-z]*limit/i,
];

/** The site takes no more jobs from us at the moment. */
const holds: readonly RegExp[] = [
  /max[a-z]*submit[a-z]*limit/i,
  /maxjob[a-z]*limit/i,
  /reached.*(max|limit).*job/i,
  /too many jobs/i,
  // without a word on which limit: where it is one that will not pass, a person sees the message
  /violates accounting\/qos policy/i,
  /slurm temporarily unable to accept job/i,
];

/** Said when the controller could not be connected to, so that it cannot have heard of the job. */
const downs: readonly RegExp[] = [
  /unable to contact slurm controller \(connect failure\)/i,
  /unable to resolve|could not establish a configuration source/i,
  /slurm backup controller in standby mode/i,
  /munge encode failed|failed to connect to socket.*munge/i,
];

const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-3)
    .join(' ')
    .slice(0, 500);

/** `123` or, in a federation or with several clusters, `123;cluster` on the last line of `sbatch --parsable`. */
export function parseJobId(stdout: string): string | null {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const found = /^(\d{1,10})(?:;([A-Za-z0-9_.-]+))?$/.exec(last.trim());
  if (found === null) return null;
  return found[2] === undefined ? (found[1] ?? null) : `${found[1]};${found[2]}`;
}

export function readSlurmSubmission(answer: {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}): Submission {
  const { exitCode, stdout, stderr } = answer;
  const message = firstLine(stderr) || firstLine(stdout);
  if (exitCode === 0) {
    const jobId = parseJobId(stdout);
    if (jobId !== null) return { kind: 'accepted', jobId };
    return { kind: 'ambiguous', message: `sbatch did not print a job id: ${message}` };
  }
  // a job id came although the command (or a site's own script around it) failed after it
  const early = parseJobId(stdout);
  if (early !== null) return { kind: 'accepted', jobId: early };
  if (exitCode === 127 || exitCode === 126) return { kind: 'missing', message };
  const says = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(stderr));
  if (says(refusals)) return { kind: 'refused', message, account: /invalid account/i.test(stderr) };
  if (says(holds)) return { kind: 'held', message };
  if (says(downs)) return { kind: 'down', message };
  return { kind: 'ambiguous', message: message || `sbatch ended with exit code ${exitCode}` };
}
