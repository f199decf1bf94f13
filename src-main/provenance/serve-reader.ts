import type { Served } from '../isolate/serve.ts';
import type { ReadApi } from './read-api.ts';
import { createReadApi } from './read/create-read-api.ts';
import type { ReadSession } from './read/session.ts';
import { translated } from './sqlite-errors.ts';

/**
 * Answers the questions of {@link ReadApi} by name, each from one state of the database.
 * @param explain puts into words what SQLite says
 */
export function servedReader(
  session: ReadSession,
  explain: (error: unknown) => unknown = translated,
): Served {
  const api = createReadApi(session);
  return {
    answer(method, input) {
      if (!Object.hasOwn(api, method)) throw new Error(`The reader knows no question “${method}”.`);
      const answer = api[method as keyof ReadApi] as (input: unknown) => unknown;
      try {
        return session.snapshot(() => answer(input));
      } catch (error) {
        throw explain(error);
      }
    },
    notes: () => session.takeSlow(),
    close: () => session.close(),
  };
}
