import { Exit, type CalcInfo, type DataValue, type RemoteFile } from '#shared/plugin/index.ts';
import { readPathPattern, workPathProblem } from '#shared/paths/path-pattern.ts';
import type { DataDraft } from '#shared/provenance/data-drafts.ts';
import type { ExitCodeSpec, ProcessSpec } from '#shared/process/ports.ts';
import type { ObjectHash, Uuid } from '#shared/provenance/ids.ts';
import { writePyJson } from '#shared/provenance/python-json.ts';
import type { MadeData, PreparedCalculation, RemoteCopy } from '../../engine/ports.ts';
import { nodeOf } from './node-values.ts';

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Whether plugin code made it by `data.…(…)`. A stored node has a `uuid`, and is no draft. */
export function isDraft(value: unknown): value is DataDraft {
  if (typeof value !== 'object' || value === null) return false;
  return 'nodeType' in value && 'attributes' in value && !('uuid' in value);
}

/** A draft as it crosses to the engine: attributes as JSON text, so that floats and large integers survive. */
export function madeData(draft: DataDraft): MadeData {
  return {
    nodeType: draft.nodeType,
    attributes: writePyJson(draft.attributes),
    label: draft.label ?? '',
    files: Object.entries(draft.files).map(([path, file]) => ({
      path,
      content: 'bytes' in file ? file.bytes : file.hash,
    })),
  };
}

/** @throws where plugin code returned something that is no data */
export function madeOutputs(
  outputs: Readonly<Record<string, unknown>> | undefined,
): Record<string, MadeData> {
  const made: Record<string, MadeData> = {};
  for (const [label, draft] of Object.entries(outputs ?? {})) {
    if (draft === undefined) continue;
    if (!isDraft(draft)) {
      const why =
        typeof draft === 'object' && draft !== null && nodeOf.has(draft)
          ? 'a node that is stored already; a calculation makes new data'
          : 'not a data node; make one with data.int(…), data.dict(…) and so on';
      throw new Error(`The output “${label}” is ${why}.`);
    }
    made[label] = madeData(draft);
  }
  return made;
}

/** The exit code that plugin code asked for by its label, with the message filled in. */
export function exitCode(
  spec: ProcessSpec,
  label: string,
  values: Readonly<Record<string, string | number>> = {},
): { readonly status: number; readonly message: string } {
  const code: ExitCodeSpec | undefined = spec.exitCodes.find((candidate) => candidate.label === label);
  if (code === undefined) throw new Error(`${spec.id} has no exit code “${label}”.`);
  const message = code.message.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
  return { status: code.status, message };
}

/** Whether plugin code ended with an exit code instead of with outputs. */
export const isExit = (value: unknown): value is Exit => value instanceof Exit;

const stored = (value: DataValue, what: string): NonNullable<ReturnType<typeof nodeOf.get>> => {
  const node = nodeOf.get(value);
  if (node === undefined) throw new Error(`${what} is not a node that this process was given.`);
  return node;
};

const insideWorkDirectory = (path: string): string => {
  const why = workPathProblem(path);
  if (why !== null) throw new Error(`“${path}” is no path inside the work directory: ${why}.`);
  return path;
};

/** Before anything has run: when the job has ended, nobody can mend what it should bring back. */
const retrievable = (text: string): string => {
  const read = readPathPattern(text);
  if (read.kind === 'bad') throw new Error(`“${text}” cannot be retrieved: ${read.why}.`);
  return text;
};

const join = (folder: string, path: string): string =>
  path === '' || path === '.' ? folder : `${folder.replace(/\/$/, '')}/${path}`;

/**
 * What plugin code wants to run, checked while its author can still be told. @throws Error for a path outside of the
 * work directory, a pattern that cannot be read, or a value that is no node of this process
 */
export function preparedCalculation(info: CalcInfo): PreparedCalculation {
  const content = (from: DataValue, path: string): ObjectHash | Uint8Array => {
    const found = stored(from, 'The source of a copy').files.find(([name]) => name === path);
    if (found === undefined) throw new Error(`The node to copy from has no file “${path}”.`);
    return found[1];
  };
  const remote = (copy: RemoteFile): RemoteCopy => ({
    from: join(copy.from.remotePath, copy.path),
    to: insideWorkDirectory(copy.to),
    ...(copy.optional === true ? { optional: true } : {}),
  });
  return {
    files: Object.entries(info.files).map(([path, text]) => ({
      path: insideWorkDirectory(path),
      content: bytesOf(text),
    })),
    localCopies: (info.localCopies ?? []).map((copy) => ({
      content: content(copy.from, copy.path),
      to: insideWorkDirectory(copy.to),
    })),
    remoteCopies: (info.remoteCopies ?? []).map(remote),
    remoteSymlinks: (info.remoteSymlinks ?? []).map(remote),
    runs: info.runs.map((run) => ({
      code: stored(run.code, 'The code of a run').uuid as Uuid,
      arguments: run.arguments ?? [],
      stdin: run.stdin ?? null,
      stdout: run.stdout ?? null,
      stderr: run.stderr ?? null,
      joinFiles: run.joinFiles ?? false,
      withMpi: run.withMpi ?? null,
    })),
    parallel: info.parallel ?? false,
    retrieve: info.retrieve.map(retrievable),
    prependText: info.prependText ?? '',
    appendText: info.appendText ?? '',
  };
}
