import { computerConfig, type ComputerConfig } from '#shared/contract/areas/computers.ts';
import { memoryUnits, type ComputerDraft, type JumpDraft } from './computer-draft.ts';
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
 * A form with whatever stands in it, as a configuration or as messages at its fields.
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
  note('shebang', /^#!\/\S/.test(draft.shebang) ? null : 'Begins with #! and an absolute path: #!/bin/bash');
  const mpirun = readWords(draft.mpirun);
  note('mpirun', mpirun.ok ? placeholderProblem(mpirun.words) : mpirun.problem);
  note('mpiprocs', countProblem(draft.mpiprocs));
  note('memory', draft.memory === null || draft.memory > 0 ? null : 'A number above 0, or nothing.');
  note('pollInterval', intervalProblem(draft.pollInterval));
  if (Object.keys(issues).length > 0) return { config: null, issues };

  const parsed = computerConfig.safeParse(configInput(draft, mpirun.ok ? mpirun.words : []));
  if (parsed.success) return { config: parsed.data, issues };
  for (const { path, message } of parsed.error.issues) {
    note(fieldOf(path.map(String)), `${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  }
  return { config: null, issues };
}

const trimmedJump = ({ host, port, user }: JumpDraft): unknown => ({
  host: host.trim(),
  port,
  user: user.trim(),
});

function configInput(draft: ComputerDraft, mpirunCommand: readonly string[]): unknown {
  const { label, description, scheduler, shebang, prependText, appendText } = draft;
  const auth = draft.auth === 'key' ? { kind: 'key', path: draft.keyPath.trim() } : { kind: draft.auth };
  return {
    label: label.trim(),
    description,
    transport:
      draft.transport === 'core.local'
        ? { type: 'core.local' }
        : {
            type: 'core.ssh',
            host: draft.host.trim(),
            port: draft.port,
            user: draft.user.trim(),
            auth,
            jumps: draft.jumps.map(trimmedJump),
          },
    scheduler,
    workDirectory: draft.workDirectory.trim(),
    shebang: shebang.trim(),
    mpirunCommand,
    defaultMpiprocsPerMachine: draft.mpiprocs,
    defaultMemoryPerMachine:
      draft.memory === null ? null : Math.max(1, Math.round(draft.memory * memoryUnits[draft.memoryUnit])),
    prependText,
    appendText,
    minimumPollInterval: draft.pollInterval,
  };
}

const fields: Readonly<Record<string, string>> = {
  mpirunCommand: 'mpirun',
  defaultMpiprocsPerMachine: 'mpiprocs',
  defaultMemoryPerMachine: 'memory',
  minimumPollInterval: 'pollInterval',
};

/** The field of the form for a place in the configuration. */
function fieldOf([first = '', ...rest]: readonly string[]): string {
  if (first !== 'transport') return fields[first] ?? first;
  if (rest[0] === 'auth') return 'keyPath';
  return rest.join('.');
}

function labelProblem(text: string, taken: readonly string[]): string | null {
  const label = text.trim();
  if (label === '') return 'Give it a name, such as the one that people call the cluster by.';
  if (/[@\s]/.test(label)) return 'No blanks and no “@”: a code is called code@computer.';
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
  return host.startsWith('-') ? 'A host name does not begin with “-”.' : null;
}

const portProblem = (port: number | null): string | null =>
  port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535
    ? null
    : 'A whole number from 1 to 65535; SSH usually has 22.';

function userProblem(text: string): string | null {
  const user = text.trim();
  if (user === '') return 'Your user name on that host.';
  return /^[A-Za-z0-9._:][A-Za-z0-9._:-]*$/.test(user) ? null : 'Letters, digits and . _ - only.';
}

function keyProblem(text: string): string | null {
  const path = text.trim();
  if (path === '') return 'The path of your private key, such as ~/.ssh/id_ed25519.';
  if (path.endsWith('.pub')) return `That is the public half. The private key is ${path.slice(0, -4)}.`;
  return /^(\/|~\/|[A-Za-z]:[\\/])/.test(path) ? null : 'A whole path, beginning with / or ~/.';
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
  return path.split('/').includes('..') ? 'Without “..”.' : null;
}

function placeholderProblem(words: readonly string[]): string | null {
  for (const [whole, name = ''] of words.flatMap((word) => [...word.matchAll(/\{(\w*)\}/g)])) {
    if (!placeholders.includes(name)) {
      const known = placeholders.map((each) => `{${each}}`).join(', ');
      return `${whole} is not filled in. There are ${known}.`;
    }
  }
  return null;
}

const countProblem = (count: number | null): string | null =>
  count === null || (Number.isInteger(count) && count > 0) ? null : 'A whole number above 0, or nothing.';

const intervalProblem = (seconds: number | null): string | null =>
  seconds !== null && seconds >= 0.1 && seconds <= 86_400 ? null : 'From 0.1 to 86400 seconds.';
