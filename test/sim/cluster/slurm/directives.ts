import type { SbatchOptions } from './job.ts';

const known = new Map<string, SbatchOptions>();
const mostKnown = 500;

/** What the `#SBATCH` lines of a script ask for. */
export function sbatchOptions(script: string): SbatchOptions {
  let options = known.get(script);
  if (options === undefined) {
    options = read(script);
    if (known.size >= mostKnown) known.clear();
    known.set(script, options);
  }
  return options;
}

function read(script: string): SbatchOptions {
  const values = new Map<string, string>();
  for (const line of script.split('\n')) {
    if (line.trim() !== '' && !line.startsWith('#')) break;
    const option = /^#SBATCH --([\w-]+)(?:=(.*))?$/.exec(line);
    if (option !== null) values.set(option[1] ?? '', option[2] ?? '');
  }
  const output = values.get('output') ?? 'slurm-%j.out';
  const time = values.get('time');
  return {
    requeue: values.has('requeue') || !values.has('no-requeue'),
    output,
    error: values.get('error') ?? output,
    timeMs: time === undefined ? null : timeMs(time),
  };
}

/** `[days-]hours:minutes:seconds` */
function timeMs(text: string): number {
  const found = /^(?:(\d+)-)?(\d+):(\d+):(\d+)$/.exec(text);
  if (found === null) throw new Error(`The simulator cannot read the time limit ${text}.`);
  const [, days = '0', hours, minutes, rest] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest)) * 1000;
}
