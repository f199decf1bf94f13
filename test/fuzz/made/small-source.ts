import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import type { Source } from '../draft.ts';
import { npy, uuidOf } from './example.ts';

/** A database with some of everything: a workflow that calls, data of many types, groups, comments, logs, a computer. */
export function smallSource(folder: string, calculations: number, version = 'main_0001'): Source {
  const file = join(folder, 'source.sqlite3');
  rmSync(file, { force: true });
  const db = new Database(file);
  const objects = new Map<string, Buffer>();
  const object = (bytes: Buffer): string => {
    const hash = createHash('sha256').update(bytes).digest('hex');
    objects.set(hash, bytes);
    return `{"k": "${hash}"}`;
  };
  for (const statement of [...tables, ...indexes]) db.exec(statement);
  db.exec(`INSERT INTO db_dbuser VALUES (1, 'ada@example.org', 'Ada', 'Example', 'Example')`);
  db.exec(
    `INSERT INTO db_dbcomputer VALUES (1, '${uuidOf(900_000)}', 'cluster', 'host.example.org', '', 'core.slurm', 'core.ssh', '{"a": 1}')`,
  );
  const time = '2025-03-04 05:06:07.000089';
  let ids = 0;
  const node = (type: string, attributes: string, files = '{}', computer: number | null = null): number => {
    const process = type.startsWith('process.') ? 'aiida.calculations:example' : null;
    db.prepare('INSERT INTO db_dbnode VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)').run(
      ++ids,
      uuidOf(ids),
      type,
      process,
      `n${ids}`,
      '',
      time,
      time,
      attributes,
      '{"tag": "x"}',
      files,
      computer,
    );
    return ids;
  };
  const link = (from: number, to: number, type: string, label: string): void => {
    db.prepare('INSERT INTO db_dblink VALUES (NULL, ?, ?, ?, ?)').run(from, to, label, type);
  };
  const ended = '{"sealed": true, "process_state": "finished", "exit_status": 0, "process_label": "Example"}';
  const workflow = node('process.workflow.workchain.WorkChainNode.', ended);
  for (let i = 0; i < calculations; i++) {
    const input = node('data.core.dict.Dict.', `{"cutoff": ${30 + i}.5, "deep": {"list": [1, 2.0, null]}}`);
    const code = node(
      'data.core.code.installed.InstalledCode.',
      '{"filepath_executable": "/bin/x", "input_plugin": "a"}',
      '{}',
      1,
    );
    const job = node(
      'process.calculation.calcjob.CalcJobNode.',
      ended,
      `{"o": {"_aiidasubmit.sh": ${object(Buffer.from(`run ${i}`))}}}`,
      1,
    );
    const output = node(
      'data.core.array.ArrayData.',
      '{"array|forces": [2, 3]}',
      `{"o": {"forces.npy": ${object(npy())}}}`,
    );
    const folder = node(
      'data.core.folder.FolderData.',
      '{}',
      `{"o": {"out": {"o": {"log.txt": ${object(Buffer.from(`line\n`.repeat(20 + i)))}}}}}`,
    );
    link(input, job, 'input_calc', 'parameters');
    link(code, job, 'input_calc', 'code');
    link(job, output, 'create', 'forces');
    link(job, folder, 'create', 'retrieved');
    link(workflow, job, 'call_calc', `step_${i}`);
    link(workflow, output, 'return', `result_${i}`);
  }
  node(
    'data.core.structure.StructureData.',
    '{"cell": [[5, 0, 0], [0, 5, 0], [0, 0, 5]], "pbc1": true, "pbc2": true, "pbc3": true, "kinds": [{"name": "Si", "symbols": ["Si"], "weights": [1], "mass": 28}], "sites": [{"kind_name": "Si", "position": [0, 0, 0]}]}',
  );
  db.exec(`INSERT INTO db_dbgroup VALUES (1, '${uuidOf(900_001)}', 'all', 'core', '${time}', '', '{}', 1)`);
  for (let i = 1; i <= ids; i++) db.exec(`INSERT INTO db_dbgroup_dbnodes VALUES (NULL, ${i}, 1)`);
  db.exec(
    `INSERT INTO db_dbcomment VALUES (1, '${uuidOf(900_002)}', 1, '${time}', '${time}', 1, 'a comment')`,
  );
  db.exec(
    `INSERT INTO db_dblog VALUES (1, '${uuidOf(900_003)}', '${time}', 'aiida', 'REPORT', 1, 'a line', '{"a": 1}')`,
  );
  db.close();
  const metadata = `{"export_version": "${version}", "aiida_version": "2.9.0", "key_format": "sha256", "compression": 6, "ctime": "2026-03-10T20:49:47.405613"}`;
  return {
    name: `made here, ${version}, ${ids} nodes`,
    version,
    container: 'zip',
    entries: [
      { name: 'metadata.json', data: Buffer.from(metadata) },
      { name: 'db.sqlite3', data: readFileSync(file) },
      ...[...objects].map(([hash, data]) => ({ name: `repo/${hash}`, data })),
    ],
  };
}
