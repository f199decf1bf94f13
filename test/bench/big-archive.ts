/**
 * Writes an archive of any size that looks like the work of a group over a year: restart workflows of three jobs each,
 * with inputs, results, retrieved files and logs. Everything follows from the seed.
 * Run: `node test/bench/big-archive.ts FILE NODES`.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import { seededRandom } from '#shared/base/random.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { writePyJson, float, type PyJson } from '#shared/provenance/python-json.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';

/** Nodes in one workflow with everything around it. */
const unit = 19;
const start = Date.UTC(2025, 0, 1) * 1000;

class Writer {
  readonly #zip: ZipWriter;
  readonly #node: Database.Statement;
  readonly #link: Database.Statement;
  readonly #log: Database.Statement;
  readonly #random = seededRandom(20);
  readonly #written = new Set<string>();
  nodes = 0;
  links = 0;

  constructor(db: Database.Database, zip: ZipWriter) {
    this.#zip = zip;
    this.#node = db.prepare('INSERT INTO db_dbnode VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#link = db.prepare('INSERT INTO db_dblink VALUES (?, ?, ?, ?, ?)');
    this.#log = db.prepare('INSERT INTO db_dblog VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  }

  uuid(): string {
    const hex = Buffer.from(this.#random.bytes(16)).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  number(): number {
    return this.#random.next();
  }

  node(nodeType: string, attributes: Record<string, PyJson>, files: Record<string, PyJson> = {}): number {
    const id = ++this.nodes;
    const time = writeTimestamp(start + id * 1_000_003);
    const process = nodeType.startsWith('process.') ? 'aiida.calculations:example.scf' : null;
    const repository = Object.keys(files).length === 0 ? '{}' : writePyJson({ o: files });
    const text = writePyJson(attributes);
    this.#node.run(id, this.uuid(), nodeType, process, '', '', time, time, text, '{}', repository, null, 1);
    return id;
  }

  link(source: number, target: number, label: string, type: string): void {
    this.#link.run(++this.links, source, target, label, type);
  }

  log(node: number, message: string): void {
    const time = writeTimestamp(start + node * 1_000_003);
    this.#log.run(this.nodes, this.uuid(), time, 'aiida.orm.nodes.process', 'REPORT', node, message, '{}');
  }

  async file(text: string): Promise<PyJson> {
    const bytes = Buffer.from(text);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!this.#written.has(hash)) {
      this.#written.add(hash);
      this.#zip.add(await this.#zip.pack(`repo/${hash}`, bytes));
    }
    return { k: hash };
  }
}

const job: Record<string, PyJson> = {
  process_label: 'ScfCalculation',
  process_state: 'finished',
  exit_status: 0,
  sealed: true,
  resources: { num_machines: 1, num_mpiprocs_per_machine: 16 },
  max_wallclock_seconds: 3600,
  scheduler_state: 'done',
  withmpi: true,
  parser_name: 'example.scf',
  retrieve_list: ['output.log', '_scheduler-stdout.txt'],
};

/** What is the same in many calculations. */
interface Shared {
  readonly code: number;
  readonly pseudos: readonly number[];
}

async function addUnit(to: Writer, { code, pseudos }: Shared): Promise<void> {
  const chain = to.node(NodeType.workChain, {
    process_label: 'ScfBaseWorkChain',
    process_state: 'finished',
    exit_status: 0,
    sealed: true,
    version: { core: '2.9.0', plugin: '1.0.0' },
  });
  const cell = 5 + to.number();
  const atom = { kind_name: 'Si', position: [float(0), float(0), float(cell / 2)] };
  const structure = to.node(NodeType.structure, {
    cell: [1, 2, 3].map((i) => [1, 2, 3].map((j) => float(i === j ? cell : 0))),
    kinds: [{ mass: float(28.0855), name: 'Si', symbols: ['Si'], weights: [float(1)] }],
    pbc1: true,
    pbc2: true,
    pbc3: true,
    sites: [atom, atom],
  });
  to.link(structure, chain, 'structure', 'input_work');
  to.link(code, chain, 'code', 'input_work');
  for (const [index, pseudo] of pseudos.entries()) to.link(pseudo, chain, `pseudos__${index}`, 'input_work');
  let current = structure;
  let energy = 0;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const parameters = to.node(NodeType.dict, {
      CONTROL: { calculation: 'scf' },
      SYSTEM: { ecutwfc: float(30 * attempt) },
    });
    const calculation = to.node(NodeType.calcJob, {
      ...job,
      job_id: String(to.nodes),
      remote_workdir: `/scratch/run/${to.nodes}`,
    });
    to.link(chain, calculation, `iteration_0${attempt}`, 'call_calc');
    to.link(current, calculation, 'structure', 'input_calc');
    to.link(parameters, calculation, 'parameters', 'input_calc');
    to.link(code, calculation, 'code', 'input_calc');
    for (const [index, pseudo] of pseudos.entries())
      to.link(pseudo, calculation, `pseudos__${index}`, 'input_calc');
    const lines = Array.from({ length: 25 }, (_, i) => `iteration ${i}: energy ${-15 - to.number()} Ry`);
    const retrieved = to.node(
      NodeType.folder,
      {},
      {
        'output.log': await to.file(`${lines.join('\n')}\n`),
        '_scheduler-stdout.txt': await to.file(''),
        ...(attempt === 1 ? { 'forces.dat': await to.file(`${lines[0] ?? ''}\n`) } : {}),
      },
    );
    to.link(calculation, retrieved, 'retrieved', 'create');
    const remote = to.node(NodeType.remote, { remote_path: `/scratch/run/${to.nodes}` });
    to.link(calculation, remote, 'remote_folder', 'create');
    energy = to.node(NodeType.dict, { energy: float(-15 - to.number()), energy_units: 'Ry', iterations: 25 });
    to.link(calculation, energy, 'output_parameters', 'create');
    to.log(calculation, 'The job was submitted.');
    if (attempt > 1) continue;
    const rescale = to.node(NodeType.calcFunction, {
      ...job,
      process_label: 'rescale',
      function_name: 'rescale',
    });
    to.link(chain, rescale, 'rescale', 'call_calc');
    to.link(structure, rescale, 'structure', 'input_calc');
    current = to.node(NodeType.structure, {
      cell: [[float(cell), 0, 0]],
      pbc1: true,
      pbc2: true,
      pbc3: true,
      kinds: [],
      sites: [],
    });
    to.link(rescale, current, 'result', 'create');
  }
  to.link(chain, energy, 'output_parameters', 'return');
}

export async function writeBigArchive(
  file: string,
  nodes: number,
): Promise<{ nodes: number; links: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'stemma-big-'));
  try {
    const database = join(folder, 'db.sqlite3');
    const db = new Database(database);
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('BEGIN');
    for (const sql of tables) db.exec(sql);
    db.exec(`INSERT INTO db_dbuser VALUES (1, 'ada@example.org', 'Ada', 'Example', '')`);
    const zip = new ZipWriter(file, 6, new Date(2025, 0, 1));
    const to = new Writer(db, zip);
    const code = to.node(NodeType.installedCode, {
      filepath_executable: '/usr/bin/scf',
      input_plugin: 'example.scf',
    });
    const pseudos: number[] = [];
    for (const element of ['Si', 'O', 'H', 'C'])
      pseudos.push(
        to.node(
          'data.core.upf.UpfData.',
          { element, md5: '0'.repeat(32) },
          { [`${element}.upf`]: await to.file(`<UPF version="2.0.1">\n<!-- ${element} -->\n</UPF>\n`) },
        ),
      );
    while (to.nodes + unit <= nodes) await addUnit(to, { code, pseudos });
    while (to.nodes < nodes) to.node(NodeType.int, { value: to.nodes });
    for (const sql of indexes) db.exec(sql);
    db.exec('COMMIT');
    db.close();
    await zip.addStream('db.sqlite3', createReadStream(database), statSync(database).size);
    const metadata = {
      export_version: 'main_0001',
      aiida_version: '2.9.0',
      key_format: 'sha256',
      compression: 6,
    };
    zip.add(await zip.pack('metadata.json', Buffer.from(JSON.stringify(metadata)), 0));
    zip.finish(['metadata.json', 'db.sqlite3']);
    zip.close();
    return { nodes: to.nodes, links: to.links };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [file = 'big.aiida', nodes = '100000'] = process.argv.slice(2);
  console.log(await writeBigArchive(file, Number(nodes)));
}
