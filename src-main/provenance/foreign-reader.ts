/**
 * The expendable process that reads the database of an archive which is open without being imported. Native code reads a
 * stranger's bytes here, so it may be ended at any moment.
 */
import { asDamage } from '../archive/aiida/foreign/as-damage.ts';
import { budgets } from '../archive/aiida/container/budgets.ts';
import { valueTooLarge } from '../archive/aiida/container/archive-errors.ts';
import { serveParent, type Served } from '../isolate/serve.ts';
import { hasMoreText } from './answer-size.ts';
import { hasTimeKey, openArchiveAsProfile } from './open-foreign-database.ts';
import { ReadSession } from './read/session.ts';
import { servedReader } from './serve-reader.ts';

let reader: Served | null = null;

/** Characters in one answer: two values of the longest that an archive may have. */
const longestAnswer = 2 * budgets.cell;

serveParent({
  answer(method, input) {
    if (method === 'open') {
      try {
        const db = openArchiveAsProfile((input as { readonly file: string }).file);
        const traits = { hasSearchIndex: false, hasTimeKey: hasTimeKey(db), now: () => Date.now() };
        const session = new ReadSession(db, traits);
        reader = servedReader(session, asDamage);
      } catch (error) {
        throw asDamage(error);
      }
      return null;
    }
    if (reader === null) throw new Error('The database is not open yet.');
    const answer = reader.answer(method, input);
    // values may be of any length until the whole file has been looked at, which goes on meanwhile
    if (hasMoreText(answer, longestAnswer))
      throw valueTooLarge('what was asked for has a text', longestAnswer + 1, longestAnswer);
    return answer;
  },
  notes: () => reader?.notes?.() ?? [],
});
