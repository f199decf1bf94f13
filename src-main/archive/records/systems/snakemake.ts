import { float, PyFloat, type PyJson } from '#shared/provenance/python-json.ts';
import { recordsDamaged } from '../record-errors.ts';
import { ended, RecordGraph, type RecordNode } from '../record-graph.ts';
import { textOf, textsOf, type RecordFiles } from '../record-files.ts';

const folder = '.snakemake/metadata';

/** Whether Snakemake has left a record of at least one output; a workflow that never ran has none. */
export const isSnakemake = (files: RecordFiles): boolean => files.list(folder).length > 0;

interface Output {
  readonly path: string;
  readonly record: Readonly<Record<string, PyJson>>;
}

const numberOf = (value: PyJson | undefined): number =>
  value instanceof PyFloat ? value.value : typeof value === 'number' ? value : 0;

/** What outputs of one job have in common. Snakemake keeps a record for each output, none for the job. */
const jobKey = ({ record }: Output): string =>
  JSON.stringify(
    [
      record['rule'],
      record['input'],
      record['params'],
      record['shellcmd'],
      numberOf(record['starttime']),
    ].map((value) => value ?? null),
  );

/**
 * A `.snakemake/metadata` folder: rules that ran, the files that they read and made. Contents of files are not taken:
 * they may have changed since. Source: snakemake 9, `snakemake/persistence.py`, record format 6.
 */
export function readSnakemake(files: RecordFiles): RecordGraph {
  const outputs = [...recordsIn(files, folder, '')];
  const version = outputs
    .map(({ record }) => record['record_format_version'])
    .find((one) => typeof one === 'number');
  const graph = new RecordGraph('Snakemake', version === undefined ? '' : `record format ${String(version)}`);
  const incomplete = outputs.filter(({ record }) => record['incomplete'] === true);
  if (incomplete.length > 0)
    graph.notes.push(`Left out: ${incomplete.length} outputs that are not complete.`);
  graph.notes.push(
    'Snakemake records no exit codes and no jobs that failed; contents of files are not taken.',
  );

  const jobs = new Map<string, Output[]>();
  for (const output of outputs) {
    if (output.record['incomplete'] === true) continue;
    const key = jobKey(output);
    const job = jobs.get(key);
    if (job === undefined) jobs.set(key, [output]);
    else job.push(output);
  }
  const made = new Map<string, RecordNode>();
  const processes: {
    readonly process: RecordNode;
    readonly inputs: readonly string[];
    readonly paths: ReadonlySet<string>;
  }[] = [];
  for (const [key, group] of jobs) {
    const [first] = group;
    if (first === undefined) continue;
    const rule = textOf(first.record['rule']) ?? 'rule';
    const time = graph.times.ofSeconds(numberOf(first.record['starttime']));
    const paths = group.map(({ path }) => path);
    const records = { system: 'Snakemake', rule, outputs: paths, record: first.record };
    const attributes = { ...ended(0, null), process_label: rule, records };
    const process = graph.calculation({ key: `job ${key}`, label: rule, attributes, time });
    for (const [i, { path, record }] of group.entries()) {
      const end = numberOf(record['endtime']);
      const described = { path, made_by: process.uuid, ended: float(end) };
      const node = graph.data({
        key: `file ${path}`,
        label: path,
        attributes: described,
        time: graph.times.ofSeconds(end),
      });
      made.set(path, node);
      graph.link(
        process,
        node,
        'create',
        `output_${i}`,
        group.length === 1 ? null : 'outputs with the same rule, input and start are taken for one job’s',
      );
    }
    processes.push({ process, inputs: [...new Set(textsOf(first.record['input']))], paths: new Set(paths) });
  }
  for (const { process, inputs, paths } of processes) {
    for (const [i, path] of inputs.entries()) {
      const output = paths.has(path) ? undefined : made.get(path);
      const node =
        output ?? graph.data({ key: `source ${path}`, label: path, attributes: { path }, time: 0 });
      graph.link(
        node,
        process,
        'input_calc',
        `input_${i}`,
        output === undefined ? null : 'the path is the same as that of an output',
      );
    }
  }
  return graph;
}

/** Names are paths in base64; long ones are cut into folders whose names begin with `@`. */
function* recordsIn(files: RecordFiles, place: string, before: string): Generator<Output> {
  for (const entry of files.list(place)) {
    const name = `${place}/${entry.name}`;
    if (entry.isDirectory() && entry.name.startsWith('@')) {
      yield* recordsIn(files, name, before + entry.name.slice(1));
      continue;
    }
    const record = entry.isFile() ? files.json(name) : null;
    if (record === null) continue;
    const path = Buffer.from(before + entry.name, 'base64url').toString('utf8');
    if (path === '') throw recordsDamaged(name, `“${entry.name}” is the record of no path`);
    yield { path, record };
  }
}
