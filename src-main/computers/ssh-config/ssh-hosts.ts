import { join } from 'node:path';
import type { SshHost } from '#shared/contract/areas/computers.ts';
import { readConfigLines, type ConfigLine } from './config-lines.ts';
import { evaluateHost, type Local } from './evaluate.ts';

type Jump = SshHost['jumps'][number];

/** One behind the other, each named in the settings of the next. More is a mistake in the file. */
const maxJumps = 5;

/** Hosts that the person's ssh configuration names, patterns left out, in its order. */
export async function sshHosts(local: Local): Promise<SshHost[]> {
  const lines = await readConfigLines(join(local.home, '.ssh', 'config'), local.home);
  return hostNames(lines).map((name) => sshHost(lines, name, local));
}

/** Names without wildcards, each once. */
export function hostNames(lines: readonly ConfigLine[]): string[] {
  const names = new Set<string>();
  const collect = (some: readonly ConfigLine[]): void => {
    for (const line of some) {
      if (line.kind === 'set') continue;
      if (line.kind === 'host') {
        for (const pattern of line.patterns) if (!/[*?!]/.test(pattern)) names.add(pattern);
      }
      collect(line.lines);
    }
  };
  collect(lines);
  return [...names];
}

/** What ssh would use for a name, of what we can use. What was passed over stands in `notes`. */
export function sshHost(lines: readonly ConfigLine[], name: string, local: Local): SshHost {
  const settings = evaluateHost(lines, name, local);
  const notes = [...settings.notes];
  const jumps = jumpsOf(lines, settings.proxyJump, local, [name], notes);
  return {
    name,
    hostname: settings.hostname,
    user: settings.user,
    port: settings.port,
    identityFile: settings.identityFiles[0] ?? '',
    jumps,
    notes,
  };
}

/** `user@host:port`, `host`, `[::1]:22`, `ssh://user@host:port`. */
function parseJump(text: string): { host: string; user: string | null; port: number | null } | null {
  const found = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?\/?$/.exec(text.trim());
  if (found === null) return null;
  const [, user, host = '', port] = found;
  return {
    host: host.replaceAll(/[[\]]/g, ''),
    user: user ?? null,
    port: port === undefined ? null : Number(port),
  };
}

/**
 * The chain of jump hosts. Each is looked up in the configuration itself; only the first may have jump hosts of its
 * own, because for the others ssh takes the list instead.
 */
function jumpsOf(
  lines: readonly ConfigLine[],
  list: string,
  local: Local,
  on: readonly string[],
  notes: string[],
): Jump[] {
  const chain: Jump[] = [];
  for (const [index, text] of list
    .split(',')
    .filter((part) => part.trim() !== '')
    .entries()) {
    const jump = parseJump(text);
    if (jump === null) {
      notes.push(`The jump host “${text}” cannot be read.`);
      continue;
    }
    if (on.includes(jump.host)) {
      notes.push(`The jump host ${jump.host} leads round in a circle.`);
      continue;
    }
    if (on.length > maxJumps) {
      notes.push(
        `The jump host ${jump.host} and those before it are left out: it would be number ${on.length} of hosts that need another one to be reached, and Stemma goes through ${maxJumps}.`,
      );
      continue;
    }
    const settings = evaluateHost(lines, jump.host, local);
    for (const note of settings.notes) notes.push(`${jump.host}: ${note}`);
    if (index === 0) chain.push(...jumpsOf(lines, settings.proxyJump, local, [...on, jump.host], notes));
    chain.push({
      host: settings.hostname,
      user: jump.user ?? settings.user,
      port: jump.port ?? settings.port,
    });
  }
  return chain;
}
