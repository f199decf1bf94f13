import type { RemoteFiles } from '../files/remote-files.ts';
import type { Program } from '../machines/process.ts';
import type { Shell } from './shell.ts';
import type { Input, Io } from './streams.ts';
import type { List } from './syntax.ts';

/** What surrounds a shell: everything that it does not do itself. */
export interface ShellWorld {
  readonly files: RemoteFiles;
  /** Milliseconds since 1970 by the clock of the site. */
  now(): number;
  parse(script: string): List;
  /** Runs what is no function. @throws Error for a command that the simulator does not know */
  run(shell: Shell, words: readonly string[], io: Io): number | Program;
  /** The content of a file, also of those that the kernel makes up. @throws FileError */
  read(shell: Shell, path: string): Input;
  /** Whether there is a program of that name. */
  knows(name: string): boolean;
}
