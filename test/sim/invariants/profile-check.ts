import type Database from 'better-sqlite3';
import { openReader } from '#main/provenance/database.ts';
import { checkGraph } from '#main/provenance/read/check.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { World } from '../world/world.ts';
import { hashesIn } from './repository-hashes.ts';
import { SealedNodes } from './sealed-nodes.ts';

type Row = readonly [id: number, uuid: string, attributes: string, repository: string, links: string | null];

const sealedNodes = `SELECT n.id, n.uuid, n.attributes, n.repository_metadata,
    (SELECT group_concat(l.type || l.label || l.source_id || '>' || l.target_id, ' ' ORDER BY l.id)
       FROM links AS l WHERE l.source_id = n.id AND n.is_process OR l.target_id = n.id AND n.is_process)
  FROM nodes AS n WHERE n.sealed = 1`;

/** A step of a program has one child, however often its workflow was begun anew. */
const calledTwice = `SELECT s.uuid || ' “' || l.label || '”' FROM links AS l JOIN nodes AS s ON s.id = l.source_id
  WHERE l.type IN ('call_calc', 'call_work') GROUP BY l.source_id, l.label HAVING count(*) > 1`;

const saidTwice = `SELECT message FROM logs WHERE level = 'REPORT' AND message LIKE 'w% report%'
  GROUP BY message HAVING count(*) > 1`;

/**
 * Of one process: a question, its answer, what a handler did for an iteration, the rule that stopped a job. Two
 * questions of the product's own name no iteration.
 */
const toldTwice = `SELECT n.uuid || ': ' || l.message FROM logs AS l JOIN nodes AS n ON n.id = l.node_id
  WHERE l.level = 'REPORT' AND (l.message LIKE 'Asks a person:%' OR l.message LIKE '% answered “%' OR
    l.message LIKE 'Iteration %' OR l.message LIKE 'Reached the limit%' OR l.message LIKE '%stopped by a rule:%')
    AND l.message NOT LIKE '%No handler knows%' AND l.message NOT LIKE '%Somebody cancelled%'
  GROUP BY l.node_id, l.message HAVING count(*) > 1`;

/** Neither promised work nor a reason to wait, such as a step of code that has ended: it would never end. */
const idle = `SELECT n.uuid FROM runs AS r JOIN nodes AS n ON n.id = r.process_id
  WHERE r.process_id NOT IN (SELECT process_id FROM effects)
    AND json_extract(r.state, '$.lost') IS NULL
    AND json_extract(r.state, '$.changed') IS NULL
    AND NOT (json_extract(r.state, '$.kind') = 'workflow' AND json_extract(r.state, '$.killing'))
    AND NOT (json_extract(r.state, '$.ending') IS NOT NULL AND json_extract(r.state, '$.waiting') <> '{}')
    AND r.process_id NOT IN (SELECT process_id FROM inbox)`;

/** P5, P6 and P11: what the profile says, whenever nobody has it open, and at the end. */
export class ProfileCheck {
  readonly #world: World;
  readonly #sealed = new SealedNodes();

  constructor(world: World) {
    this.#world = world;
  }

  look(): void {
    const { disk, chronicle, time } = this.#world;
    let db: Database.Database;
    try {
      db = openReader(disk.file);
    } catch (error) {
      chronicle.broken('P5', `The profile does not open: ${String(error)}`);
      return;
    }
    try {
      const session = new ReadSession(db, { hasSearchIndex: true, now: () => time.now() });
      for (const { code, subject, message } of checkGraph(session).problems) {
        chronicle.broken('P5', `${code}: ${subject}: ${message}`);
      }
      this.#acknowledged(session);
      this.#sealedStay(db);
      for (const what of session.column<string>(calledTwice)) {
        chronicle.broken('workflow', `The step ${what} was called twice.`);
      }
      for (const what of session.column<string>(saidTwice))
        chronicle.broken('workflow', `“${what}” was reported twice.`);
      for (const what of session.column<string>(toldTwice))
        chronicle.broken('workflow', `It was reported twice: ${what}`);
      for (const uuid of session.column<string>(idle)) {
        chronicle.broken('P2', `Nothing is promised for process ${uuid}, and it waits for nothing.`);
      }
    } finally {
      db.close();
    }
  }

  #acknowledged(session: ReadSession): void {
    const there = new Set(session.column<string>('SELECT uuid FROM nodes WHERE is_process'));
    for (const uuid of this.#world.acknowledged) {
      if (!there.has(uuid))
        this.#world.chronicle.broken('P5', `The launch ${uuid} was acknowledged, and is gone.`);
    }
  }

  /** Row by row: there may be a million. */
  #sealedStay(db: Database.Database): void {
    const { files, chronicle } = this.#world;
    this.#sealed.begin();
    const rows = db.prepare<[], Row>(sealedNodes).raw().iterate();
    for (const [id, uuid, attributes, repository, links] of rows) {
      const was = this.#sealed.see(id, `${uuid}\n${attributes}\n${repository}\n${links ?? ''}`);
      if (was === 'changed') chronicle.broken('P6', `The sealed node ${uuid} has changed.`);
      if (was !== 'new') continue;
      for (const hash of hashesIn(repository)) {
        if (!files.objects.has(hash as ObjectHash)) {
          chronicle.broken('P5', `Node ${uuid} names the object ${hash}, which is not there.`);
        }
      }
    }
    for (const id of this.#sealed.gone()) chronicle.broken('P6', `The sealed node ${id} is gone.`);
  }
}
