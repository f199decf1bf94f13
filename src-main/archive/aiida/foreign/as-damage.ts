import { archiveDamaged } from '../container/archive-errors.ts';

/** What SQLite says of a stranger's database is the file's fault, not ours, and nothing of the profile's. */
export function asDamage(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_')
    ? archiveDamaged('db.sqlite3', `its database cannot be read (${(error as Error).message})`, error)
    : error;
}
