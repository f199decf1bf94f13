import type { Process } from '../machines/process.ts';
import type { Shell } from '../sh/shell.ts';

/** As proc(5) has it: the 22nd field is the time of its begin, in hundredths of a second since the boot. */
const statOf = ({ pid, name, group, started }: Process): string =>
  `${pid} (${name}) S 1 ${group} ${group}${' 0'.repeat(15)} ${Math.floor(started / 10)} 0 0\n`;

/** What the kernel makes up; null for any other path. */
export function kernelFile(shell: Shell, path: string): string | null {
  if (path === '/dev/null') return '';
  if (!path.startsWith('/proc/')) return null;
  const { machine } = shell.process;
  if (path === '/proc/sys/kernel/random/boot_id') return `${machine.bootId}\n`;
  if (path === '/proc/sys/kernel/hostname') return `${machine.name}\n`;
  const [, owner = ''] = /^\/proc\/(\d+)\/environ$/.exec(path) ?? [];
  const of = owner === '' ? null : machine.process(Number(owner));
  if (of !== null) return of.environment.map((one) => `${one}\0`).join('');
  const pid = /^\/proc\/(self|\d+)\/stat$/.exec(path)?.[1];
  if (pid === undefined) return null;
  const process = pid === 'self' ? shell.process : machine.process(Number(pid));
  return process === null ? null : statOf(process);
}

/** Where a link of the kernel leads. */
export function kernelLink(shell: Shell, path: string): string | null {
  const pid = /^\/proc\/(\d+)\/cwd$/.exec(path)?.[1];
  const process = pid === undefined ? null : shell.process.machine.process(Number(pid));
  if (process === null) return null;
  return process.cwd.isThere ? process.cwd.path : `${process.cwd.path} (deleted)`;
}
