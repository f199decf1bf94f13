import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { noSharedArchives, sharedArchives } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archives = sharedArchives();
const linkTypes = ['call_calc', 'call_work', 'create', 'input_calc', 'input_work', 'return'];

interface Node {
  readonly uuid: string;
  readonly node_type: string;
  readonly attributes: string;
  readonly repository_metadata: string;
}

interface Opened {
  readonly nodes: readonly Node[];
  readonly links: readonly string[];
  readonly notes: readonly string[];
}

/** The archive in the form of today, after a look at whether all of it makes sense. */
async function opened(file: string): Promise<Opened> {
  const scratch = temporaryFolder();
  const container = await openContainer(file, { scratch, now: Date.now });
  const copy = join(scratch, 'copy');
  await container.extractDatabase(copy);
  const db = new Database(copy, { readonly: true });
  try {
    const nodes = db.prepare<[], Node>('SELECT * FROM db_dbnode ORDER BY uuid').all();
    const named = new Set(
      nodes.flatMap((node) =>
        [...node.repository_metadata.matchAll(/"k": "([0-9a-f]{64})"/g)].map(([, key]) => key),
      ),
    );
    for (const hash of [...named] as ObjectHash[]) {
      const content = container.object(hash);
      if (content instanceof Readable) continue;
      expect(createHash('sha256').update(content).digest('hex')).toBe(hash);
    }
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const broken = 'SELECT count(*) FROM db_dbnode WHERE NOT (json_valid(attributes) AND json_valid(extras))';
    expect(db.prepare(broken).pluck().get()).toBe(0);
    const links = db
      .prepare<[], { readonly type: string; readonly text: string }>(
        `SELECT type, a.uuid || ' ' || type || ' ' || db_dblink.label || ' ' || b.uuid AS text FROM db_dblink
         JOIN db_dbnode AS a ON a.id = input_id JOIN db_dbnode AS b ON b.id = output_id ORDER BY text`,
      )
      .all();
    for (const { type } of links) expect(linkTypes).toContain(type);
    return { nodes, links: links.map(({ text }) => text), notes: container.notes };
  } finally {
    db.close();
    container.close();
  }
}

describe.skipIf(skipReason('old archives', noSharedArchives) !== null)(
  'an archive of before AiiDA 2.0',
  () => {
    test('of every kind there is becomes one of today with all its nodes and files', async () => {
      const old = archives.filter(({ version }) => version.startsWith('0.'));
      expect(old.length).toBe(139);
      for (const { file, path, version, nodes } of old) {
        const { nodes: found, notes } = await opened(path);
        expect({ file, nodes: found.length }).toEqual({ file, nodes });
        expect(notes[0]).toContain(`The archive is of version ${version}. It was read as`);
      }
    });

    test('gives the same graph, attributes and files whatever version it was written in', async () => {
      const series = archives.filter(({ file }) =>
        /aiida-core\/tests__static__export__migrate__export_0\.\d+_simple\.aiida$/.test(file),
      );
      expect(series.map(({ version }) => version).sort()).toEqual([
        '0.1',
        '0.10',
        '0.11',
        '0.12',
        '0.13',
        '0.2',
        '0.3',
        '0.4',
        '0.5',
        '0.6',
        '0.7',
        '0.8',
        '0.9',
      ]);
      const [first, ...others] = await Promise.all(series.map(({ path }) => opened(path)));
      for (const other of others) {
        expect(other.links).toEqual(first?.links);
        expect(other.nodes.map(facts)).toEqual(first?.nodes.map(facts));
      }
    });
  },
);

const facts = ({ uuid, attributes, repository_metadata }: Node): unknown => ({
  uuid,
  attributes: JSON.parse(attributes) as unknown,
  files: repository_metadata,
});
