import { userError } from '#shared/base/errors.ts';
import type { DirectiveRequest } from '../scheduler.ts';

/** `[D-]HH:MM:SS` */
export function slurmTime(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':');
  return days > 0 ? `${days}-${clock}` : clock;
}

/**
 * The lines of AiiDA's Slurm plugin, in its order. The job's name is not among them: it is different for each attempt
 * and stands on the command line of sbatch.
 *
 * Every value is a number or a word of the options' schema, which has neither blanks nor line breaks.
 */
export function slurmDirectives(request: DirectiveRequest): string[] {
  const { options, resources, memoryKb, stdout, stderr } = request;
  const lines: string[] = [];
  const put = (option: string): void => void lines.push(`#SBATCH ${option}`);
  put(options.rerunnable === true ? '--requeue' : '--no-requeue');
  if (options.import_sys_environment) put('--get-user-env');
  put(`--output=${stdout}`);
  put(`--error=${stderr}`);
  // a job that the fence ends must not wipe out the output of the one that runs
  put('--open-mode=append');
  if (options.queue_name !== undefined) put(`--partition=${options.queue_name}`);
  if (options.account !== undefined) put(`--account=${options.account}`);
  if (options.qos !== undefined) put(`--qos=${options.qos}`);
  if (options.priority !== undefined) put(`--nice=${options.priority}`);
  put(`--nodes=${resources.machines}`);
  put(`--ntasks-per-node=${resources.mpiprocsPerMachine}`);
  if (resources.coresPerMpiproc !== null) put(`--cpus-per-task=${resources.coresPerMpiproc}`);
  if (options.max_wallclock_seconds !== undefined) put(`--time=${slurmTime(options.max_wallclock_seconds)}`);
  if (memoryKb !== null) put(`--mem=${megabytes(memoryKb)}`);
  return [...lines, ...customLines(options.custom_scheduler_commands)];
}

/** Slurm counts in MB (1024 kB) and takes 0 for “all of the node”, which a small number must not become. */
function megabytes(kb: number): number {
  const value = Math.floor(kb / 1024);
  if (value > 0) return value;
  throw userError({
    code: 'bad-options',
    message: `${kb} kB of memory are less than the 1 MB that Slurm can count.`,
    subject: 'max_memory_kb',
  });
}

/** Taken as they are, but none may end the block of directives or be a command. */
export function customLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    if (!line.startsWith('#') || /[\r\0]/.test(line)) {
      throw userError({
        code: 'bad-options',
        message: `“${line.slice(0, 80)}” is no directive: every line must begin with #SBATCH.`,
        subject: 'custom_scheduler_commands',
        hint: 'Commands belong in the text before or after the run.',
      });
    }
  }
  return lines;
}
