import type { Program } from '../machines/process.ts';
import { step } from '../machines/process.ts';
import type { ClusterParts } from '../parts.ts';
import { unknownUse, type Call, type Tools } from '../tools/tool.ts';
import type { SlurmController } from './controller.ts';
import { otherLine, seconds, type SlurmJob } from './job.ts';

/** `--name=value` and `--name`, and what stands alone. */
function longOptions(args: readonly string[]): { options: Map<string, string>; operands: string[] } {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (const arg of args) {
    const option = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (option === null) operands.push(arg);
    else options.set(option[1] ?? '', option[2] ?? '');
  }
  return { options, operands };
}

const onlyKnown = (
  name: string,
  args: readonly string[],
  options: ReadonlyMap<string, string>,
  known: string,
): void => {
  const words = known.split(' ');
  if ([...options.keys()].some((option) => !words.includes(option))) throw unknownUse(name, args);
};

const clusterName = 'virtual';
const timedOut = 'Socket timed out on send/recv operation';
const noController = 'Unable to contact slurm controller (connect failure)';
const noDatabase =
  'sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to ' +
  'host:accounts:6819: Connection refused\nsacct: error: Sending PersistInit msg: Connection refused\n' +
  'sacct: error: Problem talking to the database: Connection refused\n';

/** The commands of Slurm as far as Stemma uses them, in the words of the real ones. */
export function slurmTools(parts: ClusterParts, controller: SlurmController): Tools {
  const refuse = ({ io }: Call, words: string): number => {
    io.errors.write(`${words}\n`);
    return 1;
  };

  function* sbatch(call: Call): Program {
    const { options, operands } = longOptions(call.args);
    onlyKnown('sbatch', call.args, options, 'parsable job-name comment');
    const [path = ''] = operands;
    const { shell, io } = call;
    yield step();
    const script = shell.world.files.file(shell.viewer, path)?.text;
    if (script === undefined) return refuse(call, `sbatch: error: Unable to open file ${path}`);
    // the controller may take its time, before and after it has taken the job
    yield { kind: 'sleep', ms: parts.between([5, 400]) };
    const failed = (why: string): number =>
      refuse(call, `sbatch: error: Batch job submission failed: ${why}`);
    if (!controller.answers('controller')) return failed(noController);
    if (parts.strikes('sbatchTimesOutAndRefuses')) {
      yield { kind: 'sleep', ms: 100_000 };
      return failed(timedOut);
    }
    const name = options.get('job-name') ?? path;
    if (parts.strikes('sbatchAcceptsLate')) {
      controller.submitLate(name, shell.viewer.cwd.path, script);
      yield { kind: 'sleep', ms: 100_000 };
      return failed(timedOut);
    }
    const job = controller.submit(name, shell.viewer.cwd.path, script);
    if (typeof job === 'string') {
      io.errors.write(job);
      return 1;
    }
    if (parts.strikes('sbatchTimesOutButAccepts')) {
      yield { kind: 'sleep', ms: 100_000 };
      return failed(timedOut);
    }
    yield { kind: 'sleep', ms: parts.between([1, 50]) };
    yield step();
    io.output.write(`${job.id}\n`);
    return 0;
  }

  const otherLines = (format: string): string =>
    parts.site.otherJobs.map((id) => `${otherLine(id, format)}\n`).join('');

  function squeue(call: Call): number {
    const { options, operands } = longOptions(call.args);
    onlyKnown('squeue', call.args, options, 'noheader user states format name');
    if (operands.length > 0 || !options.has('noheader')) throw unknownUse('squeue', call.args);
    if (!controller.answers('controller')) return refuse(call, `slurm_load_jobs error: ${noController}`);
    if (parts.strikes('emptyListing')) return 0;
    const format = options.get('format') ?? '';
    const name = options.get('name');
    const states = options.get('states');
    if (states !== undefined && states !== 'all') throw unknownUse('squeue', call.args);
    const jobs = name === undefined ? controller.jobs(states === 'all') : controller.named(name);
    let text = name === undefined ? otherLines(format) : '';
    for (const job of jobs) {
      if (states === 'all' || !job.isFinal) text += `${job.line(format)}\n`;
    }
    call.io.output.write(text);
    return 0;
  }

  function sacct(call: Call): number {
    const { options } = longOptions(call.args);
    onlyKnown(
      'sacct',
      call.args,
      options,
      'noheader parsable2 allocations allclusters format jobs name starttime',
    );
    const { accounting, accountingLagMs } = parts.site;
    if (!accounting) return refuse(call, 'Slurm accounting storage is disabled');
    if (!controller.answers('accounting')) {
      const asked = options.get('jobs')?.split(',') ?? [];
      for (const id of asked)
        if (!parts.truth.askedInVain.has(id)) parts.truth.askedInVain.set(id, parts.clock.now());
      call.io.errors.write(noDatabase);
      return 1;
    }
    const format = options.get('format');
    if (format === undefined) return 0;
    const named = 'JobIDRaw,State,Start,End,ExitCode,NodeList,JobName';
    const withCluster = format === `${named},Cluster`;
    if (format !== named && !withCluster) throw unknownUse('sacct', call.args);
    const ids = options.get('jobs')?.split(',').map(Number) ?? null;
    const since = sinceMs(options.get('starttime') ?? '', parts.now());
    const time = parts.now() - accountingLagMs;
    let text = '';
    for (const job of controller.accounted(ids, options.get('name') ?? null)) {
      const record = job.recordAt(time);
      if (record === null || (record.ended ?? Infinity) < since) continue;
      const state = record.state === 'COMPLETING' ? 'RUNNING' : record.state;
      const word = state === 'CANCELLED' ? 'CANCELLED by 1000' : state;
      text += `${job.id}|${word}|${seconds(record.started) ?? 'Unknown'}|${seconds(record.ended) ?? 'Unknown'}|${record.exit}|${record.node || 'None assigned'}|${job.name}${withCluster ? `|${clusterName}` : ''}\n`;
    }
    call.io.output.write(text);
    return 0;
  }

  function scontrol(call: Call): number {
    const { options, operands } = longOptions(call.args);
    onlyKnown('scontrol', call.args, options, 'oneliner');
    const [show, what, id = ''] = operands;
    if (show !== 'show' || (what !== 'job' && what !== 'config')) throw unknownUse('scontrol', call.args);
    if (!controller.answers('controller')) return refuse(call, `slurm_load_jobs error: ${noController}`);
    if (what === 'config') {
      call.io.output.write(`CliFilterPlugins        = (null)\nClusterName             = ${clusterName}\n`);
      return 0;
    }
    const job = controller.job(Number(id));
    if (job === null) return refuse(call, 'slurm_load_jobs error: Invalid job id specified');
    call.io.output.write(`${shown(job)}\n`);
    return 0;
  }

  function* scancel(call: Call): Program {
    const { options, operands } = longOptions(call.args);
    onlyKnown('scancel', call.args, options, 'name user');
    yield step();
    if (!controller.answers('controller')) return refuse(call, `scancel: error: ${noController}`);
    const name = options.get('name');
    for (const id of operands) {
      // a job of another name is passed over
      const listed = controller.job(Number(id));
      if (name !== undefined && listed !== null && listed.name !== name) continue;
      const words = controller.cancel(Number(id));
      if (words === null) continue;
      call.io.errors.write(words);
      return 1;
    }
    return 0;
  }

  return {
    sbatch,
    squeue,
    sacct,
    scontrol,
    scancel,
    sacctmgr: (call) => {
      if (call.args.join(' ') !== '--noheader show configuration') throw unknownUse('sacctmgr', call.args);
      const { accounting, accountingPurgeMs } = parts.site;
      if (!accounting || !controller.answers('accounting')) return refuse(call, noDatabase);
      const days = Math.floor(accountingPurgeMs / 86_400_000);
      call.io.output.write(`PurgeEventAfter        = NONE\nPurgeJobAfter          = ${days} days\n`);
      return 0;
    },
    sinfo: ({ io }) => {
      io.output.write('slurm 23.11.4\n');
      return 0;
    },
  };
}

const shown = (job: SlurmJob): string =>
  `JobId=${job.id} JobName=${job.name} JobState=${job.state} Reason=${job.state === 'PENDING' ? job.reason : 'None'} ` +
  `Restarts=${job.restarts} ExitCode=${job.exit} StartTime=${seconds(job.started) ?? 'Unknown'} ` +
  `EndTime=${seconds(job.ended) ?? 'Unknown'} NodeList=${job.node || '(null)'}`;

/** `now-365days`, `now-90000seconds`, `now` */
function sinceMs(text: string, now: number): number {
  const found = /^now(?:-(\d+)(days|seconds))?$/.exec(text);
  if (found === null) throw new Error(`The simulator does not know the start time ${text}.`);
  return now - Number(found[1] ?? 0) * (found[2] === 'days' ? 86_400_000 : 1000);
}
