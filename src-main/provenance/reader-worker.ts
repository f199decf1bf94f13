/** A thread that reads the database of the open profile. */
import { workerData } from 'node:worker_threads';
import { serveParent } from '../isolate/serve.ts';
import { openReader } from './database.ts';
import { ReadSession } from './read/session.ts';
import { servedReader } from './serve-reader.ts';

const { file } = workerData as { readonly file: string };
const session = new ReadSession(openReader(file), { hasSearchIndex: true, now: () => Date.now() });
serveParent(servedReader(session));
