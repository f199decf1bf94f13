import { lstatSync } from 'node:fs';
import path from 'node:path';
import { noRecords, yamlNotRead } from './record-errors.ts';
import { RecordFiles } from './record-files.ts';
import type { RecordGraph } from './record-graph.ts';
import { isFireWorks, readFireWorks } from './systems/fireworks.ts';
import { readParsl } from './systems/parsl.ts';
import { readSignac, signacConfig } from './systems/signac.ts';
import { isSnakemake, readSnakemake } from './systems/snakemake.ts';

/** Records, and by what their system was recognised: a clause. */
export interface Recognised {
  readonly graph: RecordGraph;
  readonly why: string;
}

/**
 * Finds out whose records lie in a folder or a file, and reads them.
 * @throws StemmaError `no-records`, `records-damaged`, `records-too-large`
 */
export function readRecords(place: string): Recognised {
  const name = path.basename(place);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) throw noRecords(name, 'it is not there');
  const read = found.isDirectory() ? ofFolder(place, name) : found.isFile() ? ofFile(place, name) : null;
  if (read === null) throw noRecords(name, 'it is neither a folder nor a regular file');
  const { graph } = read;
  const unreadable = graph.times.note();
  if (unreadable !== null) graph.notes.unshift(unreadable);
  if (graph.nodes.length === 0)
    throw noRecords(
      name,
      `${[`there is nothing in these records of ${graph.system} that has ended`, ...graph.notes].join('. ').replace(/\.$/, '')}`,
    );
  return read;
}

function ofFolder(place: string, name: string): Recognised {
  const files = new RecordFiles(place);
  const config = signacConfig(files);
  if (config !== null) return { graph: readSignac(files), why: `the folder has signac’s “${config}”` };
  if (isSnakemake(files))
    return { graph: readSnakemake(files), why: 'the folder has Snakemake’s “.snakemake/metadata”' };
  for (const inner of ['monitoring.db', 'runinfo/monitoring.db']) {
    if (
      files.isWithin(inner) &&
      lstatSync(path.join(place, inner), { throwIfNoEntry: false })?.isFile() === true
    )
      return { graph: readParsl(path.join(place, inner)), why: `the folder has Parsl’s “${inner}”` };
  }
  throw noRecords(
    name,
    'it is no project of signac, no work directory of Snakemake and no run directory of Parsl',
  );
}

function ofFile(place: string, name: string): Recognised {
  const files = new RecordFiles(path.dirname(place));
  if (/\.ya?ml$/i.test(name)) throw yamlNotRead(name);
  const bytes = /\.json$/i.test(name) ? null : lstatSync(place).size;
  if (bytes !== null)
    return { graph: readParsl(place), why: 'it is a database with the tables of Parsl’s monitoring' };
  const document = files.json(name);
  if (document !== null && isFireWorks(document))
    return { graph: readFireWorks(document), why: 'it has the “fws” and “links” of a FireWorks workflow' };
  throw noRecords(name, 'it is JSON without the “fws” and “links” of a FireWorks workflow');
}
