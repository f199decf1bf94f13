import type { Submission } from '../scheduler.ts';

/**
 * Said when a request was sent and its answer did not come, or not whole: the controller may have taken the job. Said
 * anywhere, also on the way to an error about something else: sbatch asks one controller after the other.
 */
const opens: readonly RegExp[] = [
  /socket timed out/i,
  /zero bytes/i,
  /send\/recv/i,
  /unexpected message/i,
  /message (send|receive) failure/i,
  /connection (reset|timed out)|broken pipe/i,
];

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
  /unrecognized option|invalid option|invalid argument|invalid number|invalid (time limit|--[\w-]+) specification|invalid numeric value/i,
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

/** Verdicts that say what kind of thing it was, and leave it to the error before them which one. */
const general = /violates accounting\/qos policy|protocol authentication error/i;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const lastLines = (text: string): string => linesOf(text).slice(-3).join(' ').slice(0, 500);

/** Errors of sbatch itself and of getopt, which speaks in its name. What it passes on from the site has no such word. */
const ownError =
  /^\S*sbatch\S*: (error|fatal|unrecognized|invalid option|option '|ambiguous option|unknown option)/i;

/**
 * What decided: the error that sbatch ended with, its last; where it is a general one, all of them. Notices of the site,
 * and what sbatch met on its way, are no verdict. Where a site's own script stands for sbatch it is the last line.
 */
function verdictOf(stderr: string, wasKilled: boolean): string {
  const lines = linesOf(stderr);
  const errors = lines.filter((line) => ownError.test(line));
  const failure = errors.findLast((line) => /batch job submission failed/i.test(line));
  if (failure !== undefined) return general.test(failure) ? errors.join('\n') : failure;
  return wasKilled ? '' : (errors.at(-1) ?? lines.at(-1) ?? '');
}

/** `123` or, in a federation or with several clusters, `123;cluster` on the last line of `sbatch --parsable`. */
export function parseJobId(stdout: string): string | null {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const found = /^(\d{1,10})(?:;([A-Za-z0-9_.-]+))?$/.exec(last.trim());
  if (found === null) return null;
  return found[2] === undefined ? (found[1] ?? null) : `${found[1]};${found[2]}`;
}

/**
 * What an answer of sbatch proves. Whatever does not surely say that the job was refused is `ambiguous`: then it is
 * looked for by its name before anything is submitted again.
 */
export function readSlurmSubmission(answer: {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}): Submission {
  const { exitCode, stdout, stderr } = answer;
  const message = lastLines(stderr) || lastLines(stdout);
  if (exitCode === 0) {
    const jobId = parseJobId(stdout);
    if (jobId !== null) return { kind: 'accepted', jobId };
    return { kind: 'ambiguous', message: `sbatch did not print a job id: ${message}` };
  }
  // a job id came although the command (or a site's own script around it) failed after it
  const early = parseJobId(stdout);
  if (early !== null) return { kind: 'accepted', jobId: early };
  if (exitCode === 127 || exitCode === 126) return { kind: 'missing', message };
  const verdict = verdictOf(stderr, exitCode > 128 && exitCode < 193);
  const says = (patterns: readonly RegExp[], text = verdict): boolean =>
    patterns.some((pattern) => pattern.test(text));
  if (says(opens, stderr)) return { kind: 'ambiguous', message };
  if (says(refusals)) return { kind: 'refused', message, account: /invalid account/i.test(verdict) };
  if (says(holds)) return { kind: 'held', message };
  if (says(downs)) return { kind: 'down', message };
  return { kind: 'ambiguous', message: message || `sbatch ended with exit code ${exitCode}` };
}
