import { shellQuote } from '../../shell/quote.ts';
import { countedList } from '../read-lines.ts';
import { wideMark } from '../session.ts';
import type { NamedJob, Question, WatchedJob } from '../scheduler.ts';

/**
 * Fields of a job, one line each. Words first, free text last; `|` is in none of the words. No default columns, which
 * cut words off, and times as seconds since 1970 (SLURM_TIME_FORMAT is a format of strftime).
 */
export const queueFields = '%T|%S|%e|%N|%r|%j';
export const accountFields = 'JobIDRaw,State,Start,End,ExitCode,NodeList,JobName';

/**
 * Options by which a profile may narrow or change what the commands show and do (ENVIRONMENT VARIABLES of squeue(1),
 * sacct(1), scontrol(1) and scancel(1)): a list that leaves jobs out is no complete one, and a scancel that asks first, or
 * cancels only some, is none.
 */
const variables = {
  SQUEUE:
    'ACCOUNT ALL ARRAY ARRAY_UNIQUE FEDERATION FORMAT FORMAT2 LICENSES LOCAL NAMES NODELIST PARTITION PRIORITY QOS ' +
    'RESERVATION SIB SIBLING SORT STATES USERS',
  SACCT: 'FEDERATION FORMAT LOCAL',
  SCONTROL: 'ALL FEDERATION FUTURE LOCAL SIB SIBLING',
  SCANCEL: 'ACCOUNT BATCH CTLD FULL HURRY INTERACTIVE NAME PARTITION QOS STATE USER VERBOSE WCKEY',
  SLURM: 'CLUSTERS',
};
const plain = `unset ${Object.entries(variables)
  .flatMap(([program, names]) => names.split(' ').map((name) => `${program}_${name}`))
  .join(' ')}\n`;
/** Before every question. */
export const environment = `${plain}SLURM_TIME_FORMAT=%s; export SLURM_TIME_FORMAT\n`;

/** The clusters of jobs such as `123;daint`; the default one is ''. */
function byCluster(jobs: readonly WatchedJob[]): Map<string, string[]> {
  const clusters = new Map<string, string[]>([['', []]]);
  for (const { jobId } of jobs) {
    const [id = '', cluster = ''] = jobId.split(';');
    const ids = clusters.get(cluster) ?? [];
    ids.push(id);
    clusters.set(cluster, ids);
  }
  return clusters;
}

const clusterOption = (cluster: string): string =>
  cluster === '' ? '' : ` --clusters=${shellQuote(cluster)}`;

/** With `--clusters` Slurm prints a heading even where it was asked for none. */
const withoutHeading = (command: string, cluster: string): string =>
  cluster === '' ? command : `o=$(${command}) || exit $?; printf '%s\\n' "$o" | grep -v '^CLUSTER: '; :`;

/**
 * All jobs of the account, whether they are ours or not and also those that ended a moment ago: one question however
 * many are watched, and none by id, because Slurm fails the whole question where it knows one id no more.
 */
export function slurmList(jobs: readonly WatchedJob[]): Question {
  const parts = [...byCluster(jobs).keys()].map((cluster) => {
    const format = `%i${cluster === '' ? '' : `;${cluster}`}|${queueFields}`;
    const command = `squeue --noheader --user="$user" --states=all --format=${shellQuote(format)}${clusterOption(cluster)}`;
    return countedList('queue', withoutHeading(command, cluster));
  });
  return { script: `user=$(id -un) || exit 1\n${environment}${parts.join('')}` };
}

/**
 * After a question to sacct that failed: by which `code`, and that ends with 127 where sacct may yet be on the search path
 * of login shells, which the session then looks on and asks again.
 */
export const afterSacct = `code=$?\n[ "$code$${wideMark}" != 127 ] || exit 127\ncase $code:$out in`;

/** A pattern of `case` for `<exit code>:<output>` of sacct: no accounts are kept. Whatever else it fails with is no answer. */
export const unkept = "(127:*|*'accounting storage is disabled'*)";

/** What the controller says of one job, also where it does not know it; another failure ends with `otherwise`. */
const showJob = (id: string, option: string, otherwise: string): string =>
  `o=$(scontrol --oneliner show job ${id}${option} 2>&1 </dev/null) && printf '%s\\n' "$o" || case $o in ` +
  `(*'Invalid job id'*) echo "JobId="${id}" JobState=-";; (*) ${otherwise};; esac`;

/**
 * The sections: `accounting` where sacct has answered, and with it `confirmed`, where the controller was asked about
 * each job that is active there: a controller that lost its state leaves such jobs in its books for ever; else what the controller itself still knows (jobs that ended less
 * than MinJobAge ago) as `controller` where no accounts are kept, and as `remainder`, after sacct's `refusal`, where
 * accounting did not answer.
 */
export function slurmAccount(jobs: readonly WatchedJob[]): Question {
  const parts = [...byCluster(jobs)]
    .filter(([, ids]) => ids.length > 0)
    .map(([cluster, ids]) => {
      const option = clusterOption(cluster);
      const sacct =
        `sacct --noheader --parsable2 --allocations --format=${accountFields} ` +
        `--jobs=${ids.join(',')} --starttime=now-365days${option}`;
      const show = ids.map((id) => showJob(id, option, `printf '%s\\n' "$o" >&2; exit 1`));
      const confirm =
        `printf '%s\\n' "$out" | while IFS='|' read -r id state rest; do case $state in ` +
        `(PENDING*|RUNNING*|REQUEUED*|RESIZING*|SUSPENDED*) ${showJob('"$id"', option, ':')};; esac; done`;
      return (
        `if out=$(${sacct} 2>&1); then\n${countedList('accounting', `printf '%s\\n' "$out" | grep . ; :`)}` +
        `${countedList('confirmed', confirm)}` +
        `else ${afterSacct}\n${unkept}\n${countedList('controller', show.join('\n'))};;\n(*)\n` +
        `${countedList('refusal', `printf '%s\\n' "$out" | grep . ; :`)}` +
        `${countedList('remainder', show.join('\n'))};; esac; fi\n`
      );
    });
  return { script: `${environment}${parts.join('')}` };
}

/**
 * By its number, and only where that is still the number of a job of this name and this account: numbers begin anew
 * (MaxJobId), or with a controller that lost its state. A job of another name is left alone, without a word (scancel(1),
 * the options that restrict it). Fails where the job had ended already, which `readCancel` takes for done.
 */
export function slurmCancel(job: NamedJob): Question {
  const [id = '', cluster = ''] = job.jobId.split(';');
  const restricted = `--name=${shellQuote(job.token)} --user="$user"`;
  return {
    script: `user=$(id -un) || exit 1\n${plain}scancel ${restricted}${clusterOption(cluster)} ${shellQuote(id)}`,
  };
}
