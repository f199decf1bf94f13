/** The expendable process that reads a stranger's records and writes them as an archive of our own. */
import { serveParent } from '../../isolate/serve.ts';
import { noRecords } from './record-errors.ts';
import { readRecords } from './read-records.ts';
import type { ConvertQuestion, RecordsSummary } from './convert-records.ts';
import { writeArchive } from './write-archive.ts';

serveParent({
  async answer(_method, input): Promise<RecordsSummary> {
    const { place, target } = input as ConvertQuestion;
    try {
      const graph = readRecords(place);
      await writeArchive(graph, target);
      const { system, version, nodes, links, inferredLinks, notes } = graph;
      return {
        system,
        version,
        nodes: nodes.length,
        links: links.length,
        inferredLinks,
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
