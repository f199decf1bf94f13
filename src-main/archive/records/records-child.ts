/** The expendable process that reads a stranger's records and writes them as an archive of our own. */
import { isProcessType } from '#shared/provenance/node-types.ts';
import { serveParent } from '../../isolate/serve.ts';
import { noRecords } from './record-errors.ts';
import { readRecords } from './read-records.ts';
import type { ConvertQuestion, RecordsSummary } from './convert-records.ts';
import { writeArchive } from './write-archive.ts';

serveParent({
  async answer(_method, input): Promise<RecordsSummary> {
    const { place, target } = input as ConvertQuestion;
    try {
      const { graph, why } = readRecords(place);
      await writeArchive(graph, target);
      const { system, version, nodes, links, inferredLinks, reasons, notes } = graph;
      const processes = nodes.filter(({ nodeType }) => isProcessType(nodeType)).length;
      return {
        system,
        version,
        why,
        nodes: nodes.length,
        processes,
        data: nodes.length - processes,
        files: nodes.reduce((sum, { files }) => sum + files.length, 0),
        links: links.length,
        inferredLinks,
        inferred: [...reasons].slice(0, 20).map(([why, links]) => ({ why, links })),
        notes: notes.slice(0, 100),
      };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      throw code.startsWith('SQLITE_')
        ? noRecords(place, `it is no database that can be read (${(error as Error).message})`)
        : error;
    }
  },
});
