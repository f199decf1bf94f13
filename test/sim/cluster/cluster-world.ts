import type { RemoteFile } from './files/nodes.ts';
import { FileError, type Viewer } from './files/remote-files.ts';
import { JobRun } from './machines/job-run.ts';
import type { Process, Program, Running } from './machines/process.ts';
import type { ClusterParts } from './parts.ts';
import type { ProgramProgress } from './program.ts';
import { parseScript } from './sh/parse-script.ts';
import { Shell, type ShellStart } from './sh/shell.ts';
import { Input, type Io } from './sh/streams.ts';
import type { List } from './sh/syntax.ts';
import type { ShellWorld } from './sh/world.ts';
import { fileTools } from './tools/file-tools.ts';
import { kernelFile } from './tools/kernel-files.ts';
import { machineTools } from './tools/machine-tools.ts';
import { shellTools } from './tools/shell-tools.ts';
import { textTools } from './tools/text-tools.ts';
import { unknownUse, type Tool, type Tools } from './tools/tool.ts';

/** Scripts that came lately: the same questions come again and again. */
const mostScripts = 300;
const longestKept = 20_000;

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ksh', 'zsh']);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Commands of a site: the shell's, the usual ones, those of its scheduler, and programs of calculations. */
export class ClusterWorld implements ShellWorld {
  readonly #parts: ClusterParts;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #scripts = new Map<string, List>();
  readonly files: ClusterParts['files'];
  /** A job of the direct scheduler has begun: what befalls it is decided now. */
  readonly #onDirectJob: (process: Process, run: JobRun) => void;

  constructor(parts: ClusterParts, scheduler: Tools, onDirectJob: (process: Process, run: JobRun) => void) {
    this.#parts = parts;
    this.files = parts.files;
    this.#onDirectJob = onDirectJob;
    this.#tools = new Map(
      Object.entries({ ...fileTools, ...textTools, ...machineTools, ...shellTools, ...scheduler }),
    );
  }

  now(): number {
    return this.#parts.now();
  }

  knows(name: string): boolean {
    return this.#tools.has(name) || shells.has(name);
  }

  parse(script: string): List {
    const known = this.#scripts.get(script);
    if (known !== undefined) return known;
    const list = parseScript(script);
    if (script.length < longestKept) {
      if (this.#scripts.size >= mostScripts) this.#scripts.clear();
      this.#scripts.set(script, list);
    }
    return list;
  }

  read(shell: Shell, path: string): Input {
    const kernel = kernelFile(shell, path);
    if (kernel !== null) return new Input(kernel);
    const node = this.files.look(shell.viewer, path);
    if (node === null) throw new FileError('No such file or directory');
    if (node.kind !== 'file') throw new FileError('Is a directory');
    return new Input(node.text);
  }

  run(shell: Shell, words: readonly string[], io: Io): number | Program {
    const [name = '', ...args] = words;
    const tool = this.#tools.get(name);
    if (tool !== undefined) return tool({ shell, args, io });
    if (shell.isJob && name.includes('/')) return this.#program(shell, words, io);
    if (shells.has(nameOf(name))) return this.#script(shell, args, io);
    if (/^(sbatch|squeue|sacct|scontrol|scancel|sinfo)$/.test(name)) {
      io.errors.write(`sh: 1: ${name}: not found\n`);
      return 127;
    }
    throw unknownUse(name, args);
  }

  /** Another shell, in the same process. */
  #script(shell: Shell, args: readonly string[], io: Io): number | Program {
    const [path, ...rest] = args.filter((arg) => !arg.startsWith('-'));
    if (path === undefined) return this.#shell(shell, rest, io).main(this.parse(io.input.rest()));
    if (args.some((arg) => /^-[a-z]*c$/.test(arg)))
      return this.#shell(shell, rest, io).main(this.parse(path));
    const file = this.files.file(shell.viewer, path);
    if (file === null) {
      io.errors.write(`sh: 0: cannot open ${path}: No such file\n`);
      return 127;
    }
    const token = shell.environment.get('STEMMA_TOKEN');
    return token === undefined
      ? this.#shell(shell, rest, io, shell.isJob, path).main(this.parse(file.text))
      : this.#directJob(shell, token, file.text, [path, ...rest], io);
  }

  #directJob(
    shell: Shell,
    token: string,
    script: string,
    [path = '', ...args]: readonly string[],
    io: Io,
  ): Program {
    const { process } = shell;
    const { truth, clock } = this.#parts;
    const jobId = String(process.pid);
    const directory = shell.viewer.cwd.path;
    truth.noteSubmission({ token, jobId, at: clock.now(), directory });
    const run = new JobRun(this.#parts, { token, jobId, restart: 0, directory });
    process.job = run;
    process.environment = [`STEMMA_TOKEN=${token}`];
    process.onEnd(({ exitStatus, wasKilled }) => run.end(wasKilled ? null : exitStatus));
    this.#onDirectJob(process, run);
    return this.#shell(shell, args, io, true, path).main(this.parse(script));
  }

  /** A new shell that knows only what is exported. @param name what `$0` is */
  #shell(from: Shell, args: readonly string[], io: Io, isJob = from.isJob, name = 'sh'): Shell {
    const exported = new Set(from.environment.keys());
    const variables = new Map([...from.environment, ['0', name]]);
    const { viewer } = from;
    return new Shell(this, from.process, {
      variables,
      exported,
      functions: new Map(),
      args,
      io,
      viewer,
      isJob,
    });
  }

  start(process: Process, start: ShellStart, script: string): void {
    process.run(this.#parsedAndRun(process, start, script));
  }

  /** Parsed inside of the program, so that what cannot be read is told like everything else. */
  *#parsedAndRun(process: Process, start: ShellStart, script: string): Program {
    return yield* new Shell(this, process, start).main(this.parse(script));
  }

  /** A program of the calculation, in a process of its own. */
  *#program(shell: Shell, words: readonly string[], io: Io): Program {
    const { machine, group, job } = shell.process;
    if (job === null) throw unknownUse(words[0] ?? '', words.slice(1));
    const child = machine.spawn(nameOf(words[0] ?? ''), shell.viewer.cwd, group);
    child.job = job;
    child.run(this.#calculate(shell, child, words, io));
    yield { kind: 'child', process: child };
    return child.exitStatus ?? 0;
  }

  /** What the program cannot write is lost, and it goes on. */
  *#progress({ viewer }: Shell, { file, lines, totalMs }: ProgramProgress): Running<void> {
    const output = this.#opened(viewer, file);
    let at = 0;
    for (const { atMs, text } of lines) {
      if (atMs > at) yield { kind: 'sleep', ms: atMs - at };
      at = atMs;
      if (output !== null) this.#tried(() => this.files.append(output, `${text}\n`));
    }
    if (totalMs > at) yield { kind: 'sleep', ms: totalMs - at };
  }

  #opened(viewer: Viewer, path: string): RemoteFile | null {
    return this.#tried(() => this.files.create(viewer, path)) ?? null;
  }

  #tried<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof FileError) return undefined;
      throw thrown;
    }
  }

  *#calculate(shell: Shell, process: Process, words: readonly string[], io: Io): Program {
    const { job } = process;
    if (job === null) return 0;
    const { token, jobId } = job;
    const directory = shell.viewer.cwd.path;
    const usualMs = job.begin(process);
    const progress = this.#parts.progress?.({ words, stdin: '', directory, token, jobId }) ?? null;
    if (progress === null) yield { kind: 'sleep', ms: usualMs };
    else yield* this.#progress(shell, progress);
    const stdin = io.input.rest();
    const result = this.#parts.program?.({ words, stdin, directory, token, jobId }) ?? null;
    if (result !== null) {
      for (const [path, text] of Object.entries(result.files ?? {}))
        this.#tried(() => this.files.write(shell.viewer, path, text));
      io.output.write(result.stdout);
      io.errors.write(result.stderr ?? '');
      return job.exitStatus ?? result.exitStatus;
    }
    if (shells.has(nameOf(words[0] ?? '')) && stdin !== '') {
      const status = yield* this.#shell(shell, words.slice(1), { ...io, input: new Input() }).main(
        this.parse(stdin),
      );
      return job.exitStatus ?? status;
    }
    io.output.write(`${token} ran as job ${jobId}\n`);
    return job.exitStatus ?? 0;
  }
}
