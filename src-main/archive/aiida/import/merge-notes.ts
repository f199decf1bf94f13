import type { NodeId } from '#shared/provenance/ids.ts';
import type { ForeignLog } from '../foreign/rows.ts';
import { hereByUuid } from './here-by-uuid.ts';
import { readJsonObject } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import type { UserMap } from './merge-people.ts';
import type { NodeTable } from './node-table.ts';
import { RowBatch } from './row-batch.ts';
import { counted } from './words.ts';

/** By UUID; those that are here stay as they are. */
export async function mergeLogs(
  { db, archive, log, write, signal }: MergeContext,
  nodes: NodeTable,
): Promise<void> {
  const insert = 'INSERT INTO logs (uuid, time, logger, level, node_id, message, metadata)';
  const find = db.prepare('SELECT 1 FROM logs WHERE uuid = ?').pluck();
  const insertOne = db.prepare(`${insert} VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const here = hereByUuid(db, 'logs');
  const values = ({ line, node }: ComingLog) =>
    [line.uuid, line.time, line.logger, line.level, node, line.message, line.metadata] as const;
  const counts = log.counts.logs;
  const batch = new RowBatch<ComingLog>({
    db,
    insert,
    columns: 7,
    values,
    came: () => void counts.new++,
    alone(coming) {
      // it stands twice in the archive, or beside one that does
      if (find.get(coming.line.uuid) !== undefined) counts.identical++;
      else {
        insertOne.run(...values(coming));
        counts.new++;
      }
    },
  });
  for await (const page of archive.pages('logs', signal)) {
    const known = here(page);
    for (const line of page) {
      if (known.has(line.uuid)) {
        counts.identical++;
        continue;
      }
      const node = nodes.numberOf(line.node);
      const metadata = readJsonObject(line.metadata);
      if (node === null)
        log.conflict(
          'logs',
          line.uuid,
          `a log line belongs to node ${line.node}, which is not in the archive.`,
        );
      else if (!metadata.ok)
        log.conflict(
          'logs',
          nodes.uuid(node),
          `the details of one of its log lines: the text ${metadata.why}.`,
        );
      else if (write) batch.add({ line, node: nodes.id(node) });
      else counts.new++;
    }
  }
  batch.flush();
}

interface ComingLog {
  readonly line: ForeignLog;
  readonly node: NodeId;
}

interface CommentRow {
  readonly content: string;
  readonly mtime: number;
}

/**
 * By UUID. The text and the time of one that is here change only by a mode that was chosen: `newest` where the archive's
 * is later, `overwrite` always (aiida-core 2.9, `_import_comments`).
 */
export async function mergeComments(
  { db, archive, log, options, write, signal }: MergeContext,
  nodes: NodeTable,
  users: UserMap,
): Promise<void> {
  const find = db.prepare<[string], CommentRow>('SELECT content, mtime FROM comments WHERE uuid = ?');
  const update = db.prepare('UPDATE comments SET content = ?, mtime = ? WHERE uuid = ?');
  const insert = db.prepare(
    'INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let unlike = 0;
  for await (const page of archive.pages('comments', signal)) {
    for (const comment of page) {
      const here = find.get(comment.uuid);
      if (here !== undefined) {
        const { uuid, content, mtime } = comment;
        const sameText = here.content === content;
        log.counts.comments[sameText ? 'identical' : 'changed']++;
        if (!sameText) {
          unlike++;
          log.differs({ of: 'comments', subject: uuid, name: beginning(here.content), what: ['text'] });
        }
        if (sameText && here.mtime === mtime) continue;
        if (here.mtime < mtime) log.choices.comments.newest++;
        log.choices.comments.overwrite++;
        if (options.comments === 'leave' || (options.comments === 'newest' && here.mtime >= mtime)) continue;
        log.updates.comments++;
        if (write) update.run(content, mtime, uuid);
        continue;
      }
      const node = nodes.numberOf(comment.node);
      const user = users.get(comment.user);
      if (node === null)
        log.conflict(
          'comments',
          comment.uuid,
          `a comment belongs to node ${comment.node}, which is not in the archive.`,
        );
      else if (user === undefined)
        log.conflict(
          'comments',
          nodes.uuid(node),
          `a comment is by user ${comment.user}, who is not in the archive.`,
        );
      else {
        log.counts.comments.new++;
        const { uuid, ctime, mtime, content } = comment;
        if (write) insert.run(uuid, nodes.id(node), ctime, mtime, user, content);
      }
    }
  }
  if (unlike === 0) return;
  const here = `${counted(unlike, 'comment is', 'comments are')} here with another text`;
  if (options.comments === 'leave') log.note(`${here}, and kept as here.`);
  else
    log.note(`${here}; ${counted(log.updates.comments, 'comment changes', 'comments change')}, as chosen.`);
}

const beginning = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
