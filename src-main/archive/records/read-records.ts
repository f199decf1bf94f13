import { lstatSync } from 'node:fs';
import path from 'node:path';
import { noRecords } from './record-errors.ts';
import { RecordFiles } from './record-files.ts';
import type { RecordGraph } from './record-graph.ts';
import { isFireWorks, readFireWorks } from './systems/fireworks.ts';
import { readParsl } from './systems/parsl.ts';
import { isSignac, readSignac } from './systems/signac.ts';
import { isSnakemake, readSnakemake } from './systems/snakemake.ts';

/**
 * Finds out whose records lie in a folder or a file, and reads them.
 * @throws StemmaError `no-records`, `records-damaged`, `records-too-large`
 */
export function readRecords(place: string): RecordGraph {
  const name = path.basename(place);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw noRecords(name, 'it is not there');
  const graph = found.isDirectory() ? ofFolder(place, name) : found.isFile() ? ofFile(place, name) : null;
  if (graph === null) throw noRecords(name, 'it is neither a folder nor a regular file');
  if (graph.nodes.length === 0)
    throw noRecords(
      name,
      `${[`there is nothing in these records of ${graph.system} that has ended`, ...graph.notes].join('. ').replace(/\.$/, '')}`,
    );
  return graph;
}

function ofFolder(place: string, name: string): RecordGraph {
  const files = new RecordFiles(place);
  if (isSignac(files)) return readSignac(files);
  if (isSnakemake(files)) return readSnakemake(files);
  for (const inner of ['monitoring.db', 'runinfo/monitoring.db']) {
    if (
      files.isWithin(inner) &&
      lstatSync(path.join(place, inner), { throwIfNoEntry: false })?.isFile() === true
    )
      return readParsl(path.join(place, inner));
  }
  throw noRecords(
    name,
    'it is no project of signac, no work directory of Snakemake and no run directory of Parsl',
  );
}

function ofFile(place: string, name: string): RecordGraph {
  const files = new RecordFiles(path.dirname(place));
  if (/\.ya?ml$/i.test(name)) throw noRecords(name, 'YAML is not read; FireWorks writes the same as JSON');
  const bytes = /\.json$/i.test(name) ? null : lstatSync(place).size;
  if (bytes !== null) return readParsl(place);
  const document = files.json(name);
  if (document !== null && isFireWorks(document)) return readFireWorks(document);
  throw noRecords(name, 'it is JSON without the “fws” and “links” of a FireWorks workflow');
}
