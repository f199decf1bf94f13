/**
 * The expendable process that reads the database of an archive for an import. It knows one file, answers one question
 * at a time, and may be killed at any moment; whoever started it waits no longer than its budget.
 */
import { serveParent } from '../../../isolate/serve.ts';
import { asDamage } from './as-damage.ts';
import { ForeignDatabase } from './foreign-database.ts';
import type { ForeignQuestion, ForeignQuestions } from './protocol.ts';

let database: ForeignDatabase | null = null;

type Answers = {
  readonly [Name in ForeignQuestion]: (
    input: ForeignQuestions[Name]['input'],
  ) => ForeignQuestions[Name]['answer'];
};

const opened = (): ForeignDatabase => {
  if (database === null) throw new Error('The database is not open yet.');
  return database;
};

const answers: Answers = {
  open({ file }) {
    database = new ForeignDatabase(file);
    return null;
  },
  counts: () => opened().counts(),
  page: ({ table, after }) => opened().page(table, after),
};

serveParent({
  answer(method, input) {
    if (!Object.hasOwn(answers, method)) throw new Error(`There is no question “${method}”.`);
    try {
      return answers[method as ForeignQuestion](input as never);
    } catch (error) {
      throw asDamage(error);
    }
  },
});
