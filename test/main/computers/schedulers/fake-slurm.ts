import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wideMark } from '#main/computers/schedulers/session.ts';
import { findProgram } from '../../../support/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** What sacct of Slurm 23.11 prints where slurmdbd is not there. */
export const refused = `sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:db:6819: Connection refused
sacct: error: Sending PersistInit msg: Connection refused
sacct: error: Problem talking to the database: Connection refused`;

/** A search path with what the scripts need, these commands, and no Slurm of this machine. */
export function pathWith(commands: Readonly<Record<string, string | null>>): string {
  const folder = temporaryFolder();
  for (const tool of ['cat', 'date', 'grep', 'id', 'wc'])
    symlinkSync(findProgram(tool) ?? `no ${tool}`, join(folder, tool));
  for (const [name, lines] of Object.entries(commands))
    if (lines !== null) writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return folder;
}

export const runSh = (script: string, path: string): string =>
  execFileSync('/bin/sh', { input: script, encoding: 'utf8', env: { PATH: path }, stdio: 'pipe' });

/** What the session puts before a script once it uses the search path of login shells. */
export const wide = `${wideMark}=yes\n`;

/** Lines of a command that says so and fails. */
export const fail = (text: string, code = 1): string => `cat >&2 <<'END'\n${text}\nEND\nexit ${code}`;
