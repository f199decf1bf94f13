import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { displayState, type ProcessState } from '#shared/process/states.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { className } from '#shared/provenance/node-types.ts';
import { GraphBuilder } from './builder.ts';

const shared = process.env['STEMMA_SHARED'] ?? path.join(import.meta.dirname, '../../../../shared');

/** Where the real archive of two band-structure studies is, or null on a machine that does not have it. */
export function bandsArchive(): string | null {
  const file = path.join(
    shared,
    'archives/materialscloud-org+optimade-maker/examples__aiida_archive__example.aiida',
  );
  return existsSync(file) ? file : null;
}

interface Row {
  readonly id: number;
  readonly node_type: string;
  readonly label: string;
  readonly attributes: string | null;
}

/** The whole graph of a small archive, read straight from its database: for pictures and benchmarks only. */
export async function graphOfArchive(file: string): Promise<GraphPart> {
  const db = new Database(await entry(file, 'db.sqlite3'));
  const b = new GraphBuilder();
  const at = new Map<number, number>();
  for (const row of db.prepare('SELECT * FROM db_dbnode ORDER BY id').all() as Row[]) {
    const attributes = JSON.parse(row.attributes ?? '{}') as Record<string, unknown>;
    at.set(row.id, b.node(row.node_type, nameOf(row, attributes), more(row, attributes)));
  }
  const links = db.prepare('SELECT * FROM db_dblink ORDER BY id').all() as {
    input_id: number;
    output_id: number;
    label: string;
    type: LinkType;
  }[];
  for (const link of links) {
    b.link(at.get(link.input_id) ?? 0, at.get(link.output_id) ?? 0, link.type, link.label);
  }
  db.close();
  const part = b.part(0);
  return { ...part, root: part.name.indexOf('PwBandsWorkChain') };
}

const nameOf = (row: Row, attributes: Record<string, unknown>): string => {
  const label = attributes['process_label'];
  if (row.label !== '') return row.label;
  return typeof label === 'string' ? label : className(row.node_type);
};

function more(row: Row, attributes: Record<string, unknown>) {
  if (row.node_type.startsWith('process.')) {
    const status = attributes['exit_status'];
    const state = (attributes['process_state'] ?? 'finished') as ProcessState;
    return { state: displayState(state, typeof status === 'number' ? status : null, false) };
  }
  if ('value' in attributes) return { summary: String(attributes['value']) };
  if ('element' in attributes) return { summary: String(attributes['element']) };
  if (Array.isArray(attributes['sites'])) {
    const kinds = attributes['sites'].map((site: { kind_name: string }) => site.kind_name);
    const counts = Map.groupBy(kinds, (kind) => kind);
    return {
      summary: [...counts].map(([kind, all]) => `${kind}${all.length > 1 ? all.length : ''}`).join(''),
    };
  }
  if (row.node_type.includes('.dict.')) return { summary: `${Object.keys(attributes).length} keys` };
  return {};
}

/** One entry of a ZIP file, by its central directory. Good enough for the archives in the tests. */
async function entry(file: string, name: string): Promise<Buffer> {
  const zip = await readFile(file);
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`${file} has no ${name}`);
}
