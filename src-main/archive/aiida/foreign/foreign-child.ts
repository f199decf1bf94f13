/**
 * The expendable process that reads the database of an archive. It knows one file, answers one question at a time, and
 * may be killed at any moment; whoever started it waits no longer than its budget.
 */
import { errorInfo } from '#shared/base/errors.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { ForeignDatabase } from './foreign-database.ts';
import type { ForeignReplies, ForeignReply, ForeignRequest } from './protocol.ts';

interface Parent {
  send(reply: ForeignReply): void;
  onRequest(listener: (request: ForeignRequest) => void): void;
}

/** Electron's utility processes have a port, Node's children a channel. */
function parent(): Parent {
  const port = (process as { parentPort?: MessageChannelToParent }).parentPort;
  if (port !== undefined) {
    return {
      send: (reply) => port.postMessage(reply),
      onRequest: (listener) => port.on('message', ({ data }) => listener(data)),
    };
  }
  process.on('disconnect', () => process.exit());
  return {
    send: (reply) => process.send?.(reply),
    onRequest: (listener) => process.on('message', (request) => listener(request as ForeignRequest)),
  };
}

interface MessageChannelToParent {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: ForeignRequest }) => void): void;
}

let database: ForeignDatabase | null = null;

function answer(request: ForeignRequest): ForeignReplies[keyof ForeignReplies] {
  if (request.kind === 'open') {
    database = new ForeignDatabase(request.file);
    return null;
  }
  if (database === null) throw new Error('The database is not open yet');
  return request.kind === 'counts' ? database.counts() : database.page(request.table, request.after);
}

/** What SQLite says of a broken file is the file's fault, not ours. */
function asDamage(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_')
    ? archiveDamaged('db.sqlite3', `its database cannot be read (${(error as Error).message})`, error)
    : error;
}

const to = parent();
to.onRequest((request) => {
  let reply: ForeignReply;
  try {
    reply = { ok: true, value: answer(request) };
  } catch (error) {
    reply = { ok: false, error: errorInfo(asDamage(error)) };
  }
  to.send(reply);
});
