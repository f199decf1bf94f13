import { and, asc, eq, sql } from 'drizzle-orm';
import type { ComputerId, UserId, Uuid } from '#shared/provenance/ids.ts';
import type { Drizzle } from './catalogue-writes.ts';
import { authinfos, computers } from './schema.ts';
import type { ComputerRecord } from './types.ts';

type Json = { readonly [key: string]: unknown };

/** Computers with the way in which the profile's user reaches them. */
export class ComputerReader {
  readonly #statements: ReturnType<typeof prepareRows>;
  readonly #user: () => UserId;

  constructor(db: Drizzle, user: () => UserId) {
    this.#statements = prepareRows(db);
    this.#user = user;
  }

  all(): readonly ComputerRecord[] {
    return this.#statements.all.all({ user: this.#user() }).map(toRecord);
  }

  one(uuid: Uuid): ComputerRecord | null {
    const row = this.#statements.one.get({ user: this.#user(), uuid });
    return row === undefined ? null : toRecord(row);
  }
}

/** Once for all questions: the engine asks for a computer with every process that it makes, begins or submits. */
function prepareRows(db: Drizzle) {
  const rows = () =>
    db
      .select({ computer: computers, auth: authinfos })
      .from(computers)
      .leftJoin(
        authinfos,
        and(eq(authinfos.computerId, computers.id), eq(authinfos.userId, sql.placeholder('user'))),
      )
      .$dynamic();
  return {
    all: rows().orderBy(asc(computers.label)).prepare(),
    one: rows()
      .where(eq(computers.uuid, sql.placeholder('uuid')))
      .prepare(),
  };
}

function toRecord({
  computer,
  auth,
}: {
  readonly computer: typeof computers.$inferSelect;
  readonly auth: typeof authinfos.$inferSelect | null;
}): ComputerRecord {
  return {
    ...computer,
    id: computer.id as ComputerId,
    uuid: computer.uuid as Uuid,
    metadata: JSON.parse(computer.metadata) as Json,
    auth: auth === null ? null : { enabled: auth.enabled, params: JSON.parse(auth.authParams) as Json },
  };
}
