import type { Program } from '../machines/process.ts';
import type { Shell } from '../sh/shell.ts';
import type { Io } from '../sh/streams.ts';

export interface Call {
  readonly shell: Shell;
  /** Without the name. */
  readonly args: readonly string[];
  readonly io: Io;
}

/** A command: ends at once, or is a program that waits. @throws FileError, which is told as the command would */
export type Tool = (call: Call) => number | Program;

export type Tools = Readonly<Record<string, Tool>>;

/** Options (`-rf` as `r` and `f`, `--`) and operands. */
export function optionsOf(args: readonly string[]): {
  readonly options: ReadonlySet<string>;
  readonly operands: readonly string[];
} {
  const options = new Set<string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    if (arg.startsWith('--')) options.add(arg.slice(2));
    else for (const letter of arg.slice(1)) options.add(letter);
  }
  return { options, operands: args.slice(at) };
}

/** Something that the simulator does not know, which is a defect of the simulator. */
export const unknownUse = (name: string, args: readonly string[]): Error =>
  new Error(`The simulator does not know the command: ${name} ${args.join(' ')}`);
