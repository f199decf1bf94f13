import { FileError, type Viewer } from '../files/remote-files.ts';
import { step, type Process, type Program, type Running, type Signal } from '../machines/process.ts';
import { fieldsOf, patternText, Substituted, textOf, type Values } from './expand.ts';
import { patternOf } from './patterns.ts';
import { Collected, FileOutput, Input, nowhere, type Io } from './streams.ts';
import type { AndOr, Command, List, Part, Pipeline, Redirect, Word } from './syntax.ts';
import { globPaths } from './glob.ts';
import type { ShellWorld } from './world.ts';

/** Thrown to leave a script, a function or a loop. */
export class Leave {
  readonly what: 'script' | 'function' | 'loop';
  readonly status: number;

  constructor(what: Leave['what'], status: number) {
    this.what = what;
    this.status = status;
  }
}

const specials: ReadonlySet<string> = new Set([
  ':',
  '.',
  'eval',
  'exec',
  'exit',
  'export',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
]);

export interface ShellStart {
  readonly variables: ReadonlyMap<string, string>;
  readonly exported: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, Command>;
  readonly args: readonly string[];
  readonly io: Io;
  readonly viewer: Viewer;
  /** Of a job: what it runs by a path is the calculation. */
  readonly isJob: boolean;
}

/** A running POSIX shell: interprets the real scripts of Stemma on the virtual files and machines. */
export class Shell implements Values {
  readonly world: ShellWorld;
  readonly process: Process;
  #variables: Map<string, string>;
  #exported: Set<string>;
  #functions: Map<string, Command>;
  /** A subshell has those of its parent until it changes any: the parent waits for it. */
  #sharesWithParent: boolean;
  /** Actions by signal, and for EXIT. */
  readonly traps = new Map<string, string>();
  /** Started in the background and not waited for. */
  readonly children = new Set<Process>();
  readonly isJob: boolean;
  /** No subshell: where it goes its process goes. */
  readonly isMain: boolean;
  args: readonly string[];
  io: Io;
  viewer: Viewer;
  status = 0;
  lastBackground = '';

  constructor(world: ShellWorld, process: Process, from: ShellStart, isMain = true) {
    this.isMain = isMain;
    this.isJob = from.isJob;
    this.world = world;
    this.process = process;
    this.#sharesWithParent = !isMain;
    this.#variables = isMain ? new Map(from.variables) : (from.variables as Map<string, string>);
    this.#exported = isMain ? new Set(from.exported) : (from.exported as Set<string>);
    this.#functions = isMain ? new Map(from.functions) : (from.functions as Map<string, Command>);
    this.args = from.args;
    this.io = from.io;
    this.viewer = from.viewer;
  }

  /** The whole of a script, with its trap on EXIT. */
  *main(list: List): Program {
    let status = yield* this.#untilLeft(this.list(list));
    const action = this.traps.get('EXIT');
    if (action !== undefined) {
      this.traps.delete('EXIT');
      this.status = status;
      status = yield* this.#untilLeft(this.evaluate(action), status);
    }
    return status;
  }

  *#untilLeft(run: Program, otherwise?: number): Program {
    try {
      const status = yield* run;
      return otherwise ?? status;
    } catch (thrown) {
      if (thrown instanceof Leave) return thrown.status;
      throw thrown;
    }
  }

  evaluate(text: string): Program {
    return this.list(this.world.parse(text));
  }

  *list(list: List): Program {
    for (const item of list) {
      if (item.background) this.#inBackground(item);
      else yield* this.#andOr(item);
    }
    return this.status;
  }

  *#andOr({ first, rest }: AndOr): Program {
    yield* this.#pipeline(first);
    for (const { operator, pipeline } of rest) {
      if ((this.status === 0) === (operator === '&&')) yield* this.#pipeline(pipeline);
    }
    return this.status;
  }

  *#pipeline({ negated, commands }: Pipeline): Program {
    const [only] = commands;
    if (commands.length === 1 && only !== undefined) yield* this.command(only);
    else {
      let { input } = this.io;
      for (const [index, command] of commands.entries()) {
        const isLast = index === commands.length - 1;
        const output = isLast ? this.io.output : new Collected();
        const part = this.fork({ ...this.io, input, output });
        this.status = yield* part.#untilLeft(part.command(command));
        if (output instanceof Collected && !isLast) input = new Input(output.text);
      }
    }
    if (negated) this.status = this.status === 0 ? 1 : 0;
    return this.status;
  }

  #inBackground(item: AndOr): void {
    const { machine, group, ignored, handled } = this.process;
    const child = machine.spawn('sh', this.viewer.cwd, group);
    for (const signal of ignored) if (!handled.has(signal)) child.ignored.add(signal);
    child.job = this.process.job;
    const shell = this.fork({ ...this.io, input: new Input() }, child);
    this.lastBackground = String(child.pid);
    this.status = 0;
    this.children.add(child);
    child.onEnd(() => this.children.delete(child));
    child.run(shell.main([{ ...item, background: false }]));
  }

  /** A subshell; with a process of its own or in the same. */
  fork(io: Io, process = this.process): Shell {
    const shell = new Shell(this.world, process, { ...this.#inherited(), io }, process !== this.process);
    shell.status = this.status;
    shell.lastBackground = this.lastBackground;
    return shell;
  }

  #inherited(): ShellStart {
    const { args, io, viewer, isJob } = this;
    const [variables, exported, functions] = [this.#variables, this.#exported, this.#functions];
    return { variables, exported, functions, args, io, viewer, isJob };
  }

  // ----------------------------------------------------------------------------------------------- commands

  *command(command: Command): Program {
    if (command.kind === 'simple') return yield* this.#simple(command);
    if (command.kind === 'function') {
      this.#own();
      this.#functions.set(command.name, command.body);
      this.status = 0;
      return 0;
    }
    if (command.redirects.length === 0) return yield* this.#compound(command);
    const before = this.io;
    const io = yield* this.#redirected(command.redirects);
    if (io === null) return this.status;
    this.io = io;
    try {
      return yield* this.#compound(command);
    } finally {
      this.io = before;
    }
  }

  *#compound(command: Exclude<Command, { kind: 'simple' | 'function' }>): Program {
    switch (command.kind) {
      case 'group':
        return yield* this.list(command.body);
      case 'subshell': {
        const inner = this.fork(this.io);
        this.status = yield* inner.main(command.body);
        return this.status;
      }
      case 'if': {
        for (const { test, body } of command.arms) {
          if ((yield* this.list(test)) === 0) return yield* this.list(body);
        }
        this.status = 0;
        return command.otherwise === null ? 0 : yield* this.list(command.otherwise);
      }
      case 'while':
      case 'until': {
        let status = 0;
        while (((yield* this.list(command.test)) === 0) === (command.kind === 'while')) {
          status = yield* this.list(command.body);
        }
        this.status = status;
        return status;
      }
      case 'for': {
        const values: string[] = [];
        if (command.words === null) values.push(...this.args);
        else for (const word of command.words) yield* this.#fields(word, values);
        this.status = 0;
        for (const value of values) {
          this.set(command.name, value);
          yield* this.list(command.body);
        }
        return this.status;
      }
      case 'case': {
        const text = textOf(command.word, this, yield* this.#substitute(command.word));
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            const done = yield* this.#substitute(pattern);
            if (!patternOf(patternText(pattern, this, done)).test(text)) continue;
            this.status = 0;
            return yield* this.list(body);
          }
        }
        this.status = 0;
        return 0;
      }
    }
  }

  *#simple(command: Extract<Command, { kind: 'simple' }>): Program {
    if (this.process.pending.length > 0) yield* this.#signals();
    const words: string[] = [];
    let substituted = false;
    for (const word of command.words) {
      substituted ||= word.runs;
      yield* this.#fields(word, words);
    }
    const own: [string, string][] = [];
    const [name] = words;
    for (const { name: variable, value } of command.assignments) {
      substituted ||= value.runs;
      const text = textOf(value, this, yield* this.#substitute(value));
      if (name === undefined) this.set(variable, text);
      else own.push([variable, text]);
    }
    if (name === undefined) {
      if (command.redirects.length > 0 && (yield* this.#redirected(command.redirects)) === null) return 1;
      // the status of an assignment is that of its last substitution
      if (!substituted) this.status = 0;
      return this.status;
    }
    const io = command.redirects.length === 0 ? this.io : yield* this.#redirected(command.redirects);
    if (io === null) {
      // a command of the shell itself that cannot be redirected ends the shell (POSIX, 2.8.1)
      if (specials.has(name)) throw new Leave('script', 2);
      return this.status;
    }
    const before = own.map(([variable]) => [variable, this.#variables.get(variable)] as const);
    for (const [variable, value] of own) this.set(variable, value);
    try {
      this.status = yield* this.run(words, io);
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      io.errors.write(`${name}: ${thrown.problem}\n`);
      this.status = 1;
    } finally {
      for (const [variable, value] of before) {
        if (value === undefined) this.unset(variable);
        else this.set(variable, value);
      }
    }
    if (this.process.pending.length > 0) yield* this.#signals();
    return this.status;
  }

  /** A function, a command of the shell, or a program. */
  *run(words: readonly string[], io: Io): Program {
    const [name = ''] = words;
    const body = this.#functions.get(name);
    if (body !== undefined) {
      const { args, io: outer } = this;
      this.args = words.slice(1);
      this.io = io;
      try {
        return yield* this.command(body);
      } catch (thrown) {
        if (thrown instanceof Leave && thrown.what === 'function') return thrown.status;
        throw thrown;
      } finally {
        this.args = args;
        this.io = outer;
      }
    }
    const result = this.world.run(this, words, io);
    return typeof result === 'number' ? result : yield* result;
  }

  /** What a signal's trap says is done between two commands. */
  *#signals(): Program {
    for (let signal = this.process.pending.shift(); signal !== undefined;) {
      const action = this.traps.get(signal);
      const { status } = this;
      if (action !== undefined) yield* this.evaluate(action);
      this.status = status;
      signal = this.process.pending.shift();
    }
    return this.status;
  }

  // --------------------------------------------------------------------------------------------- variables

  set(name: string, value: string): void {
    this.#own();
    this.#variables.set(name, value);
  }

  unset(name: string): void {
    this.#own();
    this.#variables.delete(name);
    this.#exported.delete(name);
  }

  export(name: string): void {
    this.#own();
    this.#exported.add(name);
  }

  /** Variables that programs get. */
  get environment(): ReadonlyMap<string, string> {
    return new Map([...this.#exported].map((name) => [name, this.#variables.get(name) ?? '']));
  }

  #own(): void {
    if (!this.#sharesWithParent) return;
    this.#sharesWithParent = false;
    this.#variables = new Map(this.#variables);
    this.#exported = new Set(this.#exported);
    this.#functions = new Map(this.#functions);
  }

  trap(action: string, conditions: readonly string[]): void {
    for (const condition of conditions) {
      const signal = condition as Signal;
      if (action === '-') {
        this.traps.delete(condition);
        this.process.ignored.delete(signal);
        this.process.handled.delete(signal);
      } else if (action === '' && condition !== 'EXIT') this.process.ignored.add(signal);
      else {
        this.traps.set(condition, action);
        if (condition !== 'EXIT') this.process.handled.add(signal);
      }
    }
  }

  // --------------------------------------------------------------------------------------------- expansions

  *#fields(word: Word, into: string[]): Program {
    if (word.fixed !== null) fieldsOf(word, this, into);
    else fieldsOf(word, this, into, yield* this.#substitute(word));
    return 0;
  }

  *#substitute(word: Word): Running<Substituted> {
    if (!word.runs) return nothingSubstituted;
    const outputs: string[] = [];
    yield* this.#collect(word.parts, outputs);
    return new Substituted(outputs);
  }

  /** Runs the substitutions, from left to right and from inside to outside. */
  *#collect(parts: readonly Part[], outputs: string[]): Running<void> {
    for (const part of parts) {
      if (part.kind === 'parameter' && part.operand !== null)
        yield* this.#collect(part.operand.parts, outputs);
      if (part.kind === 'arithmetic') yield* this.#collect(part.expression.parts, outputs);
      if (part.kind !== 'command') continue;
      const output = new Collected();
      const inner = this.fork({ ...this.io, output });
      this.status = yield* inner.main(part.list);
      outputs.push(output.text.replace(/\n+$/, ''));
    }
  }

  /** Null where a file could not be opened, which has been said. */
  *#redirected(redirects: readonly Redirect[]): Running<Io | null> {
    let { input, output, errors } = this.io;
    for (const redirect of redirects) {
      const target = textOf(redirect.target, this, yield* this.#substitute(redirect.target));
      try {
        if (redirect.operator === '<') input = this.world.read(this, target);
        else if (redirect.operator === '>&') {
          if (redirect.fd === 1 && target === '2') output = errors;
          else if (redirect.fd === 2 && target === '1') errors = output;
          else throw new Error(`The simulator does not know ${redirect.fd}>&${target}.`);
        } else {
          if (target !== '/dev/null') yield step();
          const opened =
            target === '/dev/null'
              ? nowhere
              : new FileOutput(
                  this.world.files,
                  this.world.files.create(this.viewer, target, redirect.operator === '>>'),
                );
          if (redirect.fd === 2) errors = opened;
          else output = opened;
        }
      } catch (thrown) {
        if (!(thrown instanceof FileError)) throw thrown;
        this.io.errors.write(openFailed(redirect.operator === '<', target, thrown));
        this.status = 2;
        return null;
      }
    }
    return { input, output, errors };
  }

  // ------------------------------------------------------------------------------------------------- values

  value(name: string): string | null {
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.process.pid);
      case '!':
        return this.lastBackground;
      case '#':
        return String(this.args.length);
      default:
        return /^[1-9]$/.test(name)
          ? (this.args[Number(name) - 1] ?? null)
          : (this.#variables.get(name) ?? null);
    }
  }

  get separators(): string {
    return this.#variables.get('IFS') ?? ' \t\n';
  }

  paths(pattern: string): readonly string[] {
    return globPaths(this.world.files, this.viewer, pattern);
  }
}

const nothingSubstituted = new Substituted([]);

/** In the words of dash. */
function openFailed(isInput: boolean, path: string, { problem }: FileError): string {
  if (problem !== 'No such file or directory') return `sh: 1: cannot create ${path}: ${problem}\n`;
  return isInput
    ? `sh: 1: cannot open ${path}: No such file\n`
    : `sh: 1: cannot create ${path}: Directory nonexistent\n`;
}
