/**
 * Any command as a calculation job, without a parser to write. The idea of inputs by placeholder and outputs by name or
 * glob is aiida-shell's.
 */
import {
  data,
  defineCalculationJob,
  namespace,
  optional,
  port,
  readPathPattern,
  type DataValue,
  type ParseResult,
} from '#shared/plugin/index.ts';
import { outputFiles, statusFile, stderrFile, stdoutFile } from './shell-outputs.ts';
import { splitWords } from './split-words.ts';

const placeholder = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** The files that a node brings into the work directory, by the name that they have there. */
function filesOf(name: string, node: DataValue): { readonly path: string; readonly to: string }[] {
  const paths = node.files.list();
  const [only] = paths;
  if (paths.length === 1 && only !== undefined) return [{ path: only, to: only }];
  return paths.map((path) => ({ path, to: `${name}/${path}` }));
}

/** What a placeholder becomes: a value as text, a file as its name, a folder as the folder's name. */
function textOf(name: string, node: DataValue): string {
  const { value, list, remote_path: remote } = node.attributes;
  if (value !== undefined && value !== null) return String(value);
  if (list !== undefined) return JSON.stringify(list);
  if (typeof remote === 'string') return remote;
  const files = filesOf(name, node);
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.to;
  if (files.length > 1) return name;
  throw new Error(`{${name}} is a ${node.nodeType}, which has no text and no files.`);
}

/** Of a restart folder: the same file here. Where a pattern says which, they go to the folder that they were in. */
function copyOf(text: string): { readonly path: string; readonly to: string } {
  const read = readPathPattern(text);
  if (read.kind === 'bad') throw new Error(`${JSON.stringify(text)} cannot be copied: ${read.why}.`);
  const { kind, path } = read;
  const folder = path.split('/').slice(0, -1).join('/');
  return { path, to: kind === 'name' ? path : folder === '' ? '.' : folder };
}

/** Why a list is none of names and globs, for the field; null where each of them is one. */
function problemOf(list: readonly unknown[]): string | null {
  for (const item of list) {
    if (typeof item !== 'string') return `${JSON.stringify(item)} is no text. Names stand in quotes.`;
    const read = readPathPattern(item);
    if (read.kind === 'bad')
      return `${JSON.stringify(item)} is no name and no glob in the work directory: ${read.why}.`;
  }
  return null;
}

export const shell = defineCalculationJob({
  id: 'core.shell',
  label: 'ShellJob',
  summary: 'Runs any command on a computer: files in, arguments by placeholder, files out.',
  version: '1.0.0',
  inputs: {
    code: port.code({ help: 'The command: an executable on the computer.' }),
    arguments: port.str({
      help: 'The arguments as one line. {name} stands for the input of that name: its value, or the name of its file.',
      defaultValue: '',
    }),
    nodes: namespace<Record<never, never>, DataValue>(
      {},
      {
        help: 'Inputs by name: numbers, texts, files and folders. Files are put into the work directory.',
        dynamic: ['data'],
      },
    ),
    outputs: port.list({
      help: 'Names or globs of the files that become outputs, for example ["result.txt", "*.dat"].',
      defaultValue: [],
    }),
    stdin: port.str({
      help: 'Name of the input whose file is given to the command as standard input.',
      defaultValue: '',
    }),
    restart_folder: optional(
      port.remote({ help: 'The work directory of a former job on the same computer, to go on from.' }),
    ),
    restart_files: optional(
      port.list({
        help: 'Names or globs of files and folders of restart_folder that are copied into the work directory, for example ["checkpoint.dat", "wfc*"]. What is not there is left out.',
      }),
    ),
  },
  outputs: {
    stdout: port.file({ help: 'What the command wrote to standard output.' }),
    stderr: port.file({ help: 'What the command wrote to standard error.' }),
  },
  dynamicOutputs: true,
  exitCodes: {
    ERROR_OUTPUT_MISSING: { status: 303, message: 'No file matched {patterns}.' },
    ERROR_STATUS_MISSING: {
      status: 310,
      message: 'The exit status of the command was not recorded: the job was cut off.',
    },
    ERROR_COMMAND_FAILED: { status: 400, message: 'The command ended with exit status {status}.' },
    // what a shell means by 127 and 126 (POSIX, 2.8.2)
    ERROR_COMMAND_NOT_FOUND: {
      status: 401,
      message:
        'A command was not found on the computer (exit status 127). Test the code, and read what is in stderr.',
    },
    ERROR_COMMAND_NOT_EXECUTABLE: {
      status: 402,
      message: 'The account may not execute the command on the computer (exit status 126).',
    },
  },

  validate({
    arguments: template,
    nodes,
    outputs,
    stdin,
    restart_folder,
    restart_files,
  }): Record<string, string> | undefined {
    try {
      splitWords(template.value);
    } catch (error) {
      return { arguments: error instanceof Error ? error.message : String(error) };
    }
    for (const [, name = ''] of template.value.matchAll(placeholder)) {
      if (nodes[name] === undefined)
        return { arguments: `The arguments name {${name}}, but there is no input of that name.` };
    }
    if (stdin.value !== '' && nodes[stdin.value] === undefined) {
      return { stdin: `There is no input “${stdin.value}” to be standard input.` };
    }
    const bad = problemOf(outputs.value);
    if (bad !== null) return { outputs: bad };
    const wanted = restart_files?.value ?? [];
    if (restart_folder !== undefined && wanted.length === 0) {
      return { restart_files: 'Say which files of the restart folder are copied into the work directory.' };
    }
    const badRestart = problemOf(wanted);
    if (badRestart !== null) return { restart_files: badRestart };
    // its notes of how it ended would come along
    if (wanted.some((path) => /^[./]*$/.test(String(path)))) {
      return {
        restart_files: 'Not the folder itself: name the files that the command goes on from, or “*”.',
      };
    }
    return undefined;
  },

  prepare({ code, arguments: template, nodes, outputs, stdin, restart_folder: former, restart_files }) {
    const words = splitWords(template.value).map((word) =>
      word.replaceAll(placeholder, (whole, name: string) => {
        const node = nodes[name];
        return node === undefined ? whole : textOf(name, node);
      }),
    );
    const copies = Object.entries(nodes).flatMap(([name, node]) =>
      filesOf(name, node).map(({ path, to }) => ({ from: node, path, to })),
    );
    const seen = new Set<string>();
    for (const { to } of copies) {
      if (seen.has(to))
        throw new Error(`Two inputs bring a file “${to}” into the work directory. Rename one of them.`);
      seen.add(to);
    }
    const standardInput = stdin.value === '' ? undefined : nodes[stdin.value];
    return {
      files: {},
      localCopies: copies,
      // no checkpoint was written yet, when a job was cut off early: then it begins anew
      remoteCopies:
        former === undefined
          ? []
          : (restart_files?.value ?? [])
              .map(String)
              .map((path) => ({ from: former, ...copyOf(path), optional: true })),
      runs: [
        {
          code,
          arguments: words,
          ...(standardInput === undefined ? {} : { stdin: textOf(stdin.value, standardInput) }),
          stdout: stdoutFile,
          stderr: stderrFile,
        },
      ],
      appendText: `echo $? > ${statusFile}`,
      retrieve: [stdoutFile, stderrFile, statusFile, ...outputs.value.map(String)],
    };
  },

  async parse({ inputs, retrieved, schedulerExit }): Promise<ParseResult> {
    const present = retrieved.list();
    const made: Record<string, ReturnType<typeof data.file>> = {};
    for (const [label, path] of [
      ['stdout', stdoutFile],
      ['stderr', stderrFile],
    ] as const) {
      if (present.includes(path)) made[label] = data.file(path, await retrieved.bytes(path));
    }
    const { files, missing } = outputFiles(inputs.outputs.value.map(String), present);
    for (const { label, path } of files) {
      made[label] = data.file(path.split('/').at(-1) ?? path, await retrieved.bytes(path));
    }
    // what is missing then is missing because the job was cut off
    if (schedulerExit !== null) return { outputs: made };
    if (!present.includes(statusFile)) return { outputs: made, exit: { label: 'ERROR_STATUS_MISSING' } };
    const status = Number((await retrieved.text(statusFile)).trim());
    if (status === 127) return { outputs: made, exit: { label: 'ERROR_COMMAND_NOT_FOUND' } };
    if (status === 126) return { outputs: made, exit: { label: 'ERROR_COMMAND_NOT_EXECUTABLE' } };
    if (status !== 0) return { outputs: made, exit: { label: 'ERROR_COMMAND_FAILED', values: { status } } };
    if (missing.length > 0) {
      return {
        outputs: made,
        exit: { label: 'ERROR_OUTPUT_MISSING', values: { patterns: missing.join(', ') } },
      };
    }
    return { outputs: made };
  },
});
