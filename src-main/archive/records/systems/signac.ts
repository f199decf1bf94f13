import type { PyJson } from '#shared/provenance/python-json.ts';
import { ended, RecordGraph, type RecordNode } from '../record-graph.ts';
import type { RecordFiles } from '../record-files.ts';

const own = new Set(['signac_statepoint.json', 'signac_job_document.json']);

/** The file that makes a folder a project of signac, of schema 2 or 1; null where there is none. */
export const signacConfig = (files: RecordFiles): string | null =>
  ['.signac/config', 'signac.rc'].find((name) => files.read(name) !== null) ?? null;

/**
 * A workspace: for each job its state point, its document and its files. signac keeps what belongs together, not what
 * ran: that a job made its document and files from its state point is inferred.
 * Source: signac 2.4, `signac/job.py`, `signac/project.py`.
 */
export function readSignac(files: RecordFiles): RecordGraph {
  const config = (files.read('.signac/config') ?? files.read('signac.rc') ?? Buffer.alloc(0)).toString(
    'utf8',
  );
  const schema = /^\s*schema_version\s*=\s*"?(\d+)/m.exec(config)?.[1] ?? '1';
  const workspace = /^\s*workspace_dir\s*=\s*"?([\w.-]+)"?\s*$/m.exec(config)?.[1] ?? 'workspace';
  const graph = new RecordGraph('signac', `schema ${schema}`);
  let links = 0;
  for (const entry of files.list(workspace)) {
    if (!/^[0-9a-f]{32}$/.test(entry.name)) continue;
    if (!entry.isDirectory()) {
      links++;
      continue;
    }
    readJob(graph, files, `${workspace}/${entry.name}`, entry.name);
  }
  if (links > 0) graph.notes.push(`Left out: ${links} links in the place of jobs.`);
  graph.notes.push('signac keeps no times and no operations: that jobs made their files is inferred.');
  return graph;
}

function readJob(graph: RecordGraph, files: RecordFiles, place: string, id: string): void {
  const point = files.json(`${place}/signac_statepoint.json`);
  if (point === null) {
    graph.notes.push(`Left out: the job ${id}, which has no state point.`);
    return;
  }
  const document = files.json(`${place}/signac_job_document.json`);
  const left = (name: string): void =>
    void graph.notes.push(`Left out: “${name}”, too large or no regular file.`);
  const content = [...files.below(place, left)].filter(([name]) => !own.has(name));
  const made: { readonly label: string; readonly node: RecordNode }[] = [];
  const input = graph.data({
    key: `state point ${id}`,
    label: `state point ${id.slice(0, 8)}`,
    attributes: point,
    time: 0,
  });
  if (document !== null)
    made.push({
      label: 'document',
      node: graph.data({
        key: `document ${id}`,
        label: `document ${id.slice(0, 8)}`,
        attributes: document,
        time: 0,
      }),
    });
  if (content.length > 0)
    made.push({
      label: 'files',
      node: graph.folder({
        key: `files ${id}`,
        label: `files ${id.slice(0, 8)}`,
        attributes: {},
        time: 0,
        files: content,
      }),
    });
  if (made.length === 0) return;
  const attributes: Readonly<Record<string, PyJson>> = {
    ...ended(0, null),
    process_label: `signac job ${id.slice(0, 8)}`,
    records: { system: 'signac', id, outputs: made.map(({ node }) => node.uuid) },
  };
  const job = graph.calculation({ key: `job ${id}`, label: id, attributes, time: 0 });
  graph.link(
    input,
    job,
    'input_calc',
    'statepoint',
    'signac says whose state point it is, not that anything ran with it',
  );
  for (const { label, node } of made)
    graph.link(job, node, 'create', label, 'it lies in the folder of the job');
}
