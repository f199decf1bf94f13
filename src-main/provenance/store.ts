import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { Emitter } from '#shared/base/emitter.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { ComputerId, NodeId, UserId, Uuid } from '#shared/provenance/ids.ts';
import { catalogueWrites, unnamedUser, userSetting } from './catalogue-writes.ts';
import { everythingChanged } from './change-collector.ts';
import { Checkpoints } from './checkpoints.ts';
import { ComputerReader } from './computer-reader.ts';
import { prepareWriter } from './database.ts';
import { engineWrites } from './engine-writes.ts';
import { migrate, type MigrateOptions } from './migrate.ts';
import * as schema from './schema.ts';
import { SearchIndexer } from './search-indexer.ts';
import { translated, translating } from './sqlite-errors.ts';
import { prepareStatements } from './statements.ts';
import { TransactionContext } from './transaction-context.ts';
import type { Changes, ProvenanceStore, WriteTransaction } from './types.ts';
import { whenFree } from './when-free.ts';

export interface StoreOptions {
  /** Where the database is; made if it is not there. Its folder is. */
  readonly file: string;
  readonly migrate?: MigrateOptions;
  /** Hears of what fails in the background: a checkpoint, the search index, a listener to changes. */
  readonly onError?: (error: unknown) => void;
  /** Largest size of the file in pages of 4 kB; beyond it writes fail as on a full disk. */
  readonly maxPages?: number;
  /** Milliseconds after a write until the search index follows; negative: never (for tests). */
  readonly indexAfterMs?: number;
}

/**
 * Opens the database of a profile for writing; whoever had it open before can write no more.
 *
 * @throws StemmaError as {@link migrate} does, and `database-corrupt`, `database-unreachable`, `disk-full`
 */
export function openStore(options: StoreOptions): ProvenanceStore {
  const { file } = options;
  return translating(
    () => {
      const db = new Database(file, { timeout: 0 });
      try {
        prepareWriter(db);
        if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
        migrate(db, file, options.migrate);
        return new SqliteStore(db, options);
      } catch (error) {
        db.close();
        throw error;
      }
    },
    () => file,
  );
}

const takenOver = (file: string): Error =>
  operationalError({
    code: 'profile-taken-over',
    message: 'Another Stemma has opened this profile, so this one no longer writes to it.',
    subject: file,
    hint: 'Close this window and go on in the other one.',
  });

class SqliteStore implements ProvenanceStore {
  readonly file: string;
  readonly engine: ProvenanceStore['engine'];
  readonly changes = new Emitter<Changes>();
  readonly #db: Database.Database;
  readonly #drizzle: ReturnType<typeof drizzle<typeof schema>>;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #computers: ComputerReader;
  readonly #checkpoints: Checkpoints;
  readonly #indexer: SearchIndexer;
  readonly #onError: (error: unknown) => void;
  readonly #token = randomUUID();
  readonly #tx: WriteTransaction;
  readonly #context: TransactionContext;

  constructor(db: Database.Database, options: StoreOptions) {
    this.file = options.file;
    this.#db = db;
    this.#onError = options.onError ?? (() => {});
    this.#drizzle = drizzle(db, { schema });
    this.#statements = prepareStatements(db);
    this.#context = new TransactionContext(this.#takeOver());
    this.#computers = new ComputerReader(this.#drizzle, () => this.#context.user);
    this.#checkpoints = new Checkpoints(db, { onError: this.#onError });
    this.#indexer = new SearchIndexer(db, { afterMs: options.indexAfterMs ?? 1000, onError: this.#onError });
    const statements = this.#statements;
    const context = this.#context;
    this.#tx = {
      ...engineWrites(statements, context),
      ...catalogueWrites(this.#drizzle, statements, context),
    };
    this.engine = {
      transaction: (work) => this.write(work),
      read: (work) =>
        translating(
          () => work(this.#tx),
          () => this.file,
        ),
      runs: (after = 0 as NodeId, limit = -1) =>
        statements.runs.all(after, limit).map((run) => ({ ...run, process: run.process as NodeId })),
      effects: () =>
        statements.effects.all().map((effect) => ({ ...effect, process: effect.process as NodeId })),
      inbox: () => statements.inbox.all().map((entry) => ({ ...entry, process: entry.process as NodeId })),
      journal: (process) => statements.journal.all(process),
    };
    this.#indexer.wake();
  }

  write<T>(work: (tx: WriteTransaction) => T): T {
    const context = this.#context;
    if (context.isOpen) throw new Error('A transaction is open already: transactions do not nest.');
    const userBefore = context.user;
    const changes = context.begin();
    let result: T;
    try {
      this.#statements.begin.run();
      if (this.#statements.owner.get() !== this.#token) throw takenOver(this.file);
      result = work(this.#tx);
      if (result instanceof Promise) {
        throw new TypeError('The work of a transaction must not be asynchronous.');
      }
      this.#statements.commit.run();
    } catch (error) {
      context.user = userBefore;
      // SQLite rolls back by itself where the disk is full or fails.
      if (this.#db.inTransaction) this.#statements.rollback.run();
      throw translated(error);
    } finally {
      context.end();
    }
    this.#checkpoints.noteCommit();
    if (!changes.isEmpty) this.#publish(changes);
    return result;
  }

  writeWhenFree<T>(work: (tx: WriteTransaction) => T, signal?: AbortSignal): Promise<T> {
    return whenFree(() => this.write(work), signal);
  }

  noteImport(): void {
    this.#publish(everythingChanged);
  }

  nodeId(uuid: Uuid): NodeId | null {
    return (this.#statements.nodeId.get(uuid) ?? null) as NodeId | null;
  }

  label(uuid: Uuid): string {
    return this.#statements.label.get(uuid) ?? '';
  }

  computers(): ReturnType<ProvenanceStore['computers']> {
    return this.#computers.all();
  }

  computer(uuid: Uuid): ReturnType<ProvenanceStore['computer']> {
    return this.#computers.one(uuid);
  }

  computerId(uuid: Uuid): ComputerId | null {
    return (this.#statements.computerId.get(uuid) ?? null) as ComputerId | null;
  }

  computerUuid(id: ComputerId): Uuid | null {
    return (this.#statements.computerUuid.get(id) ?? null) as Uuid | null;
  }

  user(): ReturnType<ProvenanceStore['user']> {
    const { users } = schema;
    const row = this.#drizzle.select().from(users).where(eq(users.id, this.#context.user)).get();
    if (row === undefined) throw new Error(`The user ${this.#context.user} of this profile is gone.`);
    return { ...row, id: row.id as UserId };
  }

  setting(key: string): unknown {
    const { settings } = schema;
    const row = this.#drizzle.select().from(settings).where(eq(settings.key, key)).get();
    return row === undefined ? undefined : JSON.parse(row.value);
  }

  close(): void {
    this.#indexer.close();
    void this.#checkpoints.close();
    try {
      // lets the planner know how the tables have grown
      // it goes through whole indexes after an import, once: what it has read is of no use to anybody
      this.#db.pragma('cache_size = -2048');
      this.#db.pragma('optimize');
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // Everything is durable already; the next one who opens the profile does it.
      this.#onError(translated(error));
    }
    this.#db.close();
  }

  /** A listener that throws must not look like a write that failed. */
  #publish(changes: Changes): void {
    this.#indexer.wake();
    try {
      this.changes.emit(changes);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Puts our token in and finds or makes the user. */
  #takeOver(): UserId {
    const { users, settings } = schema;
    return this.#drizzle.transaction(
      (tx) => {
        this.#db
          .prepare(
            'INSERT INTO owner (id, token) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET token = excluded.token',
          )
          .run(this.#token);
        const chosen = tx.select().from(settings).where(eq(settings.key, userSetting)).get();
        if (chosen !== undefined) return Number(JSON.parse(chosen.value)) as UserId;
        const known = tx.select({ id: users.id }).from(users).where(eq(users.email, unnamedUser)).get();
        const id =
          known?.id ?? tx.insert(users).values({ email: unnamedUser }).returning({ id: users.id }).get().id;
        tx.insert(settings)
          .values({ key: userSetting, value: String(id) })
          .run();
        return id as UserId;
      },
      { behavior: 'immediate' },
    );
  }
}
