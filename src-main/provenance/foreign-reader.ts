/**
 * The expendable process that reads the database of an archive which is open without being imported. Native code reads a
 * stranger's bytes here, so it may be ended at any moment.
 */
import { asDamage } from '../archive/aiida/foreign/as-damage.ts';
import { serveParent, type Served } from '../isolate/serve.ts';
import { openArchiveAsProfile } from './open-foreign-database.ts';
import { ReadSession } from './read/session.ts';
import { servedReader } from './serve-reader.ts';

let reader: Served | null = null;

serveParent({
  answer(method, input) {
    if (method === 'open') {
      try {
        const db = openArchiveAsProfile((input as { readonly file: string }).file);
        const session = new ReadSession(db, { hasSearchIndex: false, now: () => Date.now() });
        reader = servedReader(session, asDamage);
      } catch (error) {
        throw asDamage(error);
      }
      return null;
    }
    if (reader === null) throw new Error('The database is not open yet.');
    return reader.answer(method, input);
  },
  notes: () => reader?.notes?.() ?? [],
});
