import type { ProgramProgress, ProgramResult, ProgramRun } from '../cluster/virtual-cluster.ts';
import { inputText } from '../plugins/host.ts';
import { progressFile, type JobParameters } from '../plugins/program.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Chronicle } from './chronicle.ts';

/** A run that writes a file as it goes: all of it, unless it is cut off. */
export interface WatchedRun {
  readonly token: string;
  readonly began: number;
  readonly lines: ProgramProgress['lines'];
}

/** The one program that jobs run, and what it wrote: to be compared with what is stored in the end. */
export class Programs {
  readonly #chronicle: Chronicle;
  readonly #time: VirtualTime;
  /** By directory: content by path, of the last run there. */
  readonly written = new Map<string, ReadonlyMap<string, string>>();

  /** By directory: each run there that writes its progress, and when it began. */
  readonly watched = new Map<string, readonly WatchedRun[]>();

  constructor(chronicle: Chronicle, time: VirtualTime) {
    this.#chronicle = chronicle;
    this.#time = time;
  }

  /** A job whose progress is watched begins. */
  progress({ words, directory, token }: ProgramRun): ProgramProgress | null {
    if (words[0] !== '/opt/program') return null;
    const { watch } = JSON.parse(words[1] ?? '{}') as JobParameters;
    if (watch === undefined) return null;
    const began = this.#time.now();
    const { values, everyMs, totalMs } = watch;
    this.#chronicle.count('programs with progress');
    const lines = values.map((value, index) => ({ atMs: (index + 1) * everyMs, text: `energy ${value}` }));
    const runs = this.watched.get(directory) ?? [];
    this.watched.set(directory, [...runs, { token, began, lines }]);
    return { file: progressFile, lines, totalMs };
  }

  run({ words, stdin, directory, token, jobId }: ProgramRun): ProgramResult | null {
    if (words[0] !== '/opt/program') return null;
    const parameters = JSON.parse(words[1] ?? '{}') as JobParameters;
    const { name, ends, files } = parameters;
    this.#chronicle.note('cluster', `job ${jobId} (${token}) runs the program of ${name} in ${directory}`);
    this.#chronicle.count('programs run');
    const version = Number(/^\S+ \d+ (\d+)\n/.exec(stdin)?.[1] ?? 0);
    const wanted = inputText(parameters, version);
    if (stdin !== wanted) {
      this.#chronicle.broken(
        'P4',
        `Job ${jobId} of ${name} ran with ${stdin.length} bytes of input that differ from the ${wanted.length} that were prepared.`,
      );
    }
    const stdout = `result ${name.length + stdin.length} of ${name}\n${this.#time.now()} ${jobId}\n`;
    const made = new Map<string, string>();
    for (let index = 0; index < files; index++)
      made.set(`part-${index}`, `${name} ${index} ${jobId}\n`.repeat(index * 40 + 1));
    if (ends !== 'no-output') made.set('output.txt', stdout);
    this.written.set(directory, made);
    return {
      stdout: ends === 'no-output' ? '' : stdout,
      exitStatus: ends === 'exit-status' ? 3 : 0,
      files: Object.fromEntries([...made].filter(([path]) => path !== 'output.txt')),
    };
  }
}
