import { and, asc, eq } from 'drizzle-orm';
import type { ComputerId, UserId, Uuid } from '#shared/provenance/ids.ts';
import type { Drizzle } from './catalogue-writes.ts';
import { authinfos, computers } from './schema.ts';
import type { ComputerRecord } from './types.ts';

type Json = { readonly [key: string]: unknown };

/** Computers with the way in which the profile's user reaches them. */
export class ComputerReader {
  readonly #db: Drizzle;
  readonly #user: () => UserId;

  constructor(db: Drizzle, user: () => UserId) {
    this.#db = db;
    this.#user = user;
  }

  all(): readonly ComputerRecord[] {
    return this.#rows().orderBy(asc(computers.label)).all().map(toRecord);
  }

  one(uuid: Uuid): ComputerRecord | null {
    const row = this.#rows().where(eq(computers.uuid, uuid)).get();
    return row === undefined ? null : toRecord(row);
  }

  #rows() {
    return this.#db
      .select({ computer: computers, auth: authinfos })
      .from(computers)
      .leftJoin(authinfos, and(eq(authinfos.computerId, computers.id), eq(authinfos.userId, this.#user())))
      .$dynamic();
  }
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
