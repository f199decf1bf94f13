import { readJsonObject } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import type { UserMap } from './merge-people.ts';
import type { NodeTable } from './node-table.ts';
import { counted } from './words.ts';

/** By UUID; those that are here stay as they are. */
export async function mergeLogs(
  { db, archive, log, write, signal }: MergeContext,
  nodes: NodeTable,
): Promise<void> {
  const find = db.prepare('SELECT 1 FROM logs WHERE uuid = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO logs (uuid, time, logger, level, node_id, message, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for await (const page of archive.pages('logs', signal)) {
    for (const line of page) {
      if (find.get(line.uuid) !== undefined) {
        log.counts.logs.identical++;
        continue;
      }
      const node = nodes.numberOf(line.node);
      const metadata = readJsonObject(line.metadata);
      if (node === null)
        log.conflict(line.uuid, `a log line belongs to node ${line.node}, which is not in the archive.`);
      else if (!metadata.ok)
        log.conflict(nodes.uuid(node), `the details of one of its log lines: the text ${metadata.why}.`);
      else {
        log.counts.logs.new++;
        const { uuid, time, logger, level, message } = line;
        if (write) insert.run(uuid, time, logger, level, nodes.id(node), message, line.metadata);
      }
    }
  }
}

/** By UUID; those that are here stay as they are, also where the archive has a later text (AiiDA's mode `leave`). */
export async function mergeComments(
  { db, archive, log, write, signal }: MergeContext,
  nodes: NodeTable,
  users: UserMap,
): Promise<void> {
  const find = db.prepare<[string], string>('SELECT content FROM comments WHERE uuid = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let unlike = 0;
  for await (const page of archive.pages('comments', signal)) {
    for (const comment of page) {
      const here = find.get(comment.uuid);
      if (here !== undefined) {
        if (here !== comment.content) unlike++;
        log.counts.comments[here === comment.content ? 'identical' : 'changed']++;
        continue;
      }
      const node = nodes.numberOf(comment.node);
      const user = users.get(comment.user);
      if (node === null)
        log.conflict(comment.uuid, `a comment belongs to node ${comment.node}, which is not in the archive.`);
      else if (user === undefined)
        log.conflict(nodes.uuid(node), `a comment is by user ${comment.user}, who is not in the archive.`);
      else {
        log.counts.comments.new++;
        const { uuid, ctime, mtime, content } = comment;
        if (write) insert.run(uuid, nodes.id(node), ctime, mtime, user, content);
      }
    }
  }
  if (unlike > 0)
    log.note(`${counted(unlike, 'comment is', 'comments are')} here with another text, and kept as here.`);
}
