import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import type { Purge, PurgeSelection } from '#shared/contract/areas/purges.ts';
import { newUuid, type ObjectHash } from '#shared/provenance/ids.ts';
import type { FreeableRepository } from '../repository/types.ts';
import { breathe, exclusively, type Work } from './exclusive.ts';
import { purgePlan, type PurgePlace, type PurgePlan } from './purge-plan.ts';
import { takeBack } from './purge-records.ts';
import { wordsOfPurge } from './purge-words.ts';

export interface PurgeRequest {
  readonly selection: PurgeSelection;
  /** Of the preview that the person saw. */
  readonly digest: string;
}

export interface PurgeRoom extends PurgePlace {
  readonly repository: Pick<FreeableRepository, 'collect' | 'held' | 'setAside' | 'bringBack'>;
}

const filesAtOnce = 1000;

/**
 * Purges the content of files: it is set aside, and can be restored until it is removed for good. The record is
 * committed before anything is set aside, and says `begun` until all of it is: what is interrupted, by a person or by a
 * crash, is taken back. Inside of a collection, so that what somebody puts or finds meanwhile stays.
 * @throws StemmaError `purge-outdated`, `purge-empty`, `node-missing`, `group-missing`, `database-busy`
 */
export function purgeContent(place: PurgeRoom, request: PurgeRequest, work: Work): Promise<Purge> {
  const { db, repository } = place;
  return repository.collect(async () => {
    const { id, purge, content } = await exclusively(db, work, async () => {
      const plan = await purgePlan(place, request.selection, work);
      refuse(plan, request.digest);
      return enter(db, plan, request.selection, place.now);
    });
    try {
      const stayed = await setAside(place, content, purge.time, work);
      return await complete(db, id, purge, stayed, work);
    } catch (error) {
      await takeBack(place, id, work);
      throw error;
    }
  });
}

function refuse(plan: PurgePlan, digest: string): void {
  if (plan.digest !== digest) {
    throw userError({
      code: 'purge-outdated',
      message: 'What would be purged has changed since you looked at it. Nothing was purged.',
      hint: 'Look at the preview again and confirm it.',
    });
  }
  if (plan.files === 0) {
    throw userError({ code: 'purge-empty', message: 'There is no content to purge in what was chosen.' });
  }
}

interface Begun {
  readonly id: number | bigint;
  readonly purge: Purge;
  readonly content: PurgePlan['content'];
}

function enter(db: Database.Database, plan: PurgePlan, selection: PurgeSelection, now: number): Begun {
  const label = db.prepare<[string], string>('SELECT label FROM groups WHERE uuid = ?').pluck();
  const summary = {
    words: wordsOfPurge(selection, (uuid) => label.get(uuid) ?? null),
    nodes: plan.nodes,
    files: plan.files,
    bytes: plan.bytes,
    runs: plan.runs,
    byType: plan.byType,
    examples: plan.largest.slice(0, 5).map(({ name }) => name),
  };
  const uuid = newUuid();
  const id = db
    .prepare(`INSERT INTO purges (uuid, time, state, summary) VALUES (?, ?, 'begun', ?)`)
    .run(uuid, Math.round(now * 1000), JSON.stringify(summary)).lastInsertRowid;
  const insert = db.prepare('INSERT INTO purged_files (purge_id, hash, size) VALUES (?, ?, ?)');
  for (const { hash, size } of plan.content) insert.run(id, Buffer.from(hash, 'hex'), size);
  return { id, purge: { uuid, time: now, state: 'restorable', ...summary }, content: plan.content };
}

/** @returns the files that stay after all, because somebody has just put or found them */
async function setAside(
  { repository }: PurgeRoom,
  content: PurgePlan['content'],
  time: number,
  { progress, signal }: Work,
): Promise<readonly ObjectHash[]> {
  const stayed: ObjectHash[] = [];
  for (let at = 0; at < content.length; at += filesAtOnce) {
    await breathe(signal);
    progress({ done: at, total: content.length, unit: 'files', words: 'Purging' });
    const page = content.slice(at, at + filesAtOnce).map(({ hash }) => hash);
    stayed.push(...(await repository.setAside(page, time)).held);
  }
  return stayed;
}

function complete(
  db: Database.Database,
  id: number | bigint,
  purge: Purge,
  stayed: readonly ObjectHash[],
  work: Work,
): Promise<Purge> {
  return exclusively(db, work, () => {
    const forget = db.prepare('DELETE FROM purged_files WHERE purge_id = ? AND hash = ?');
    for (const hash of stayed) forget.run(id, Buffer.from(hash, 'hex'));
    const left = db
      .prepare<[number | bigint], { files: number; bytes: number }>(
        'SELECT count(*) AS files, ifnull(sum(size), 0) AS bytes FROM purged_files WHERE purge_id = ?',
      )
      .get(id);
    const done = { ...purge, ...left };
    const { uuid: _uuid, time: _time, state, ...summary } = done;
    db.prepare('UPDATE purges SET state = ?, summary = ? WHERE id = ?').run(
      state,
      JSON.stringify(summary),
      id,
    );
    return Promise.resolve(done);
  });
}
