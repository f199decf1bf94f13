import { notInName } from '#shared/process/code-name.ts';
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { memoryUnits, type ComputerDraft } from './computer-draft.ts';
import { readWords } from './shell-words.ts';

/** Messages by field: `label`, `host`, `jumps.0.user`. */
export type Issues = Readonly<Record<string, string>>;

export interface CheckedDraft {
  /** Null while there are issues. */
  readonly config: ComputerConfig | null;
  readonly issues: Issues;
}

const placeholders = [
  'tot_num_mpiprocs',
  'num_machines',
  'num_mpiprocs_per_machine',
  'num_cores_per_mpiproc',
  'num_cores_per_machine',
];

/**
 * A form with whatever stands in it, as a configuration or as messages at its fields. The core judges by the contract's
 * schema, which is left out here: a test holds the two together, and the page stays without its compiler.
 * @param taken labels of the other computers
 */
export function checkDraft(draft: ComputerDraft, taken: readonly string[] = []): CheckedDraft {
  const issues: Record<string, string> = {};
  const note = (field: string, problem: string | null): void => {
    if (problem !== null) issues[field] ??= problem;
  };
  note('label', labelProblem(draft.label, taken));
  if (draft.transport === 'core.ssh') {
    note('host', hostProblem(draft.host));
    note('port', portProblem(draft.port));
    note('user', userProblem(draft.user));
    if (draft.auth === 'key') note('keyPath', keyProblem(draft.keyPath));
    for (const [index, jump] of draft.jumps.entries()) {
      note(`jumps.${index}.host`, hostProblem(jump.host));
      note(`jumps.${index}.port`, portProblem(jump.port));
      note(`jumps.${index}.user`, userProblem(jump.user));
    }
  }
  note('workDirectory', workDirectoryProblem(draft.workDirectory));
  note('shebang', shebangProblem(draft.shebang));
  const mpirun = readWords(draft.mpirun);
  note('mpirun', mpirun.ok ? placeholderProblem(mpirun.words) : mpirun.problem);
  note('mpiprocs', countProblem(draft.mpiprocs));
  note('memory', memoryProblem(draft.memory));
  note('pollInterval', intervalProblem(draft.pollInterval));
  note('maxJobs', limitProblem(draft.maxJobs, 1_000_000));
  note('maxTransfers', limitProblem(draft.maxTransfers, 20));
  note('prependText', lengthProblem(draft.prependText, 100_000));
  note('appendText', lengthProblem(draft.appendText, 100_000));
  note('description', lengthProblem(draft.description, 10_000));
  const isSound = Object.keys(issues).length === 0;
  return { config: isSound && mpirun.ok ? configFrom(draft, mpirun.words) : null, issues };
}

/** Of a draft without issues. */
function configFrom(draft: ComputerDraft, mpirunWords: readonly string[]): ComputerConfig {
  const { description, scheduler, prependText, appendText } = draft;
  return {
    label: draft.label.trim(),
    description,
    transport: draft.transport === 'core.local' ? { type: 'core.local' } : sshFrom(draft),
    scheduler,
    workDirectory: draft.workDirectory.trim(),
    shebang: draft.shebang.trim(),
    mpirunCommand: [...mpirunWords],
    defaultMpiprocsPerMachine: draft.mpiprocs,
    defaultMemoryPerMachine:
      draft.memory === null ? null : Math.max(1, Math.round(draft.memory * memoryUnits[draft.memoryUnit])),
    prependText,
    appendText,
    minimumPollInterval: draft.pollInterval ?? 0,
    maxJobs: draft.maxJobs,
    maxTransfers: draft.maxTransfers,
  };
}

const sshFrom = (draft: ComputerDraft): ComputerConfig['transport'] => ({
  type: 'core.ssh',
  host: draft.host.trim(),
  port: draft.port ?? 0,
  user: draft.user.trim(),
  auth: draft.auth === 'key' ? { kind: 'key', path: draft.keyPath.trim() } : { kind: draft.auth },
  jumps: draft.jumps.map(({ host, port, user }) => ({
    host: host.trim(),
    port: port ?? 0,
    user: user.trim(),
  })),
});

const longestPath = 4096;
// What is pasted may bring them along unseen.
const control = /[\0-\x1f\x7f]/;

const lengthProblem = (text: string, most: number): string | null =>
  text.length > most ? `At most ${most} characters; these are ${text.length}.` : null;

function pathProblem(path: string): string | null {
  if (control.test(path)) return 'Without line breaks and other control characters.';
  return lengthProblem(path, longestPath);
}

function labelProblem(text: string, taken: readonly string[]): string | null {
  const label = text.trim();
  if (label === '') return 'Give it a name, such as the one that people call the cluster by.';
  if (notInName.test(label)) return 'No blanks and no “@”: a code is called code@computer.';
  if (label.length > 255) return 'At most 255 characters.';
  return taken.includes(label) ? `There is a computer called “${label}” already.` : null;
}

function hostProblem(text: string): string | null {
  const host = text.trim();
  if (host === '') return 'The name or address of the host, such as login.example.org.';
  if (host.includes('@')) return 'Only the host: the user name has a field of its own.';
  if (/^\w+:\/\/|\//.test(host)) return 'Only the host name, without “ssh://” and without a path.';
  if (/^[^:]+:\d+$/.test(host)) return 'Only the host: the port has a field of its own.';
  if (!/^[A-Za-z0-9._:-]+$/.test(host)) return 'Letters, digits, dots and hyphens only.';
  if (host.length > 255) return 'At most 255 characters.';
  return host.startsWith('-') ? 'A host name does not begin with “-”.' : null;
}

const portProblem = (port: number | null): string | null =>
  port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535
    ? null
    : 'A whole number from 1 to 65535; SSH usually has 22.';

function userProblem(text: string): string | null {
  const user = text.trim();
  if (user === '') return 'Your user name on that host.';
  if (user.length > 255) return 'At most 255 characters.';
  return /^[A-Za-z0-9._:][A-Za-z0-9._:-]*$/.test(user) ? null : 'Letters, digits and . _ - only.';
}

function keyProblem(text: string): string | null {
  const path = text.trim();
  if (path === '') return 'The path of your private key, such as ~/.ssh/id_ed25519.';
  if (path.endsWith('.pub')) return `That is the public half. The private key is ${path.slice(0, -4)}.`;
  if (!/^(\/|~\/|[A-Za-z]:[\\/])/.test(path)) return 'A whole path, beginning with / or ~/.';
  return pathProblem(path);
}

function workDirectoryProblem(text: string): string | null {
  const path = text.trim();
  if (path === '') return 'Where jobs run, such as /scratch/{username}/stemma.';
  if (path.startsWith('~')) return 'Write {home} instead of ~.';
  if (!path.startsWith('/') && !path.startsWith('{home}')) {
    return 'An absolute path: it begins with / or with {home}.';
  }
  const unknown = [...path.matchAll(/\{(\w*)\}/g)].find(([, name]) => name !== 'username' && name !== 'home');
  if (unknown !== undefined) return `${unknown[0]} is not filled in. There are {username} and {home}.`;
  if (/[{}]/.test(path.replaceAll(/\{\w*\}/g, ''))) return 'A brace is not closed.';
  if (path.startsWith('{home}') && !/^\{home\}(\/|$)/.test(path)) return 'A / comes after {home}.';
  if (path.split('/').includes('..')) return 'Without “..”.';
  return pathProblem(path);
}

function placeholderProblem(words: readonly string[]): string | null {
  if (words.some((word) => word === '' || control.test(word))) return 'A word of it is empty.';
  for (const [whole, name = ''] of words.flatMap((word) => [...word.matchAll(/\{(\w*)\}/g)])) {
    if (!placeholders.includes(name)) {
      const known = placeholders.map((each) => `{${each}}`).join(', ');
      return `${whole} is not filled in. There are ${known}.`;
    }
  }
  return null;
}

const shebangProblem = (text: string): string | null =>
  /^#!\/\S/.test(text.trim()) ? pathProblem(text.trim()) : 'Begins with #! and an absolute path: #!/bin/bash';

const memoryProblem = (memory: number | null): string | null =>
  memory === null || (memory > 0 && memory <= 1e9) ? null : 'A number above 0, or nothing.';

const countProblem = (count: number | null): string | null =>
  count === null || (Number.isSafeInteger(count) && count > 0) ? null : 'A whole number above 0, or nothing.';

const limitProblem = (count: number | null, most: number): string | null =>
  count === null || (Number.isSafeInteger(count) && count >= 1 && count <= most)
    ? null
    : `A whole number from 1 to ${most}, or nothing.`;

const intervalProblem = (seconds: number | null): string | null =>
  seconds !== null && seconds >= 0.1 && seconds <= 86_400 ? null : 'From 0.1 to 86400 seconds.';
